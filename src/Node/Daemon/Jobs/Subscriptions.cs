using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Streams of job changes, each starting with current statuses.</summary>
/// <param name="maxWaiting">Messages buffered for a slow client.</param>
internal sealed class Subscriptions(ActorSystem system, Func<IActorRef> region, int maxWaiting)
{
    /// <param name="by">Whose jobs they are, or an admin; else each segment refuses.</param>
    public async IAsyncEnumerable<JobsMoved> SubscribeAsync(
        IReadOnlyList<JidRange> jobs,
        bool withEvents,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var isWide = JidRanges.BySegment(jobs).Skip(SubscriptionActor.Window).Any();
        while (true)
        {
            var channel = Channel.CreateBounded<JobsMoved>(maxWaiting);
            var listener = system.ActorOf(
                Props.Create(() => new SubscriptionActor(region, jobs, withEvents, by, channel))
            );
            try
            {
                while (await MoreAsync(channel.Reader, cancel))
                {
                    while (channel.Reader.TryRead(out var moved))
                        yield return moved;
                    if (isWide)
                        listener.Tell(SubscriptionActor.Drained.Instance);
                }
            }
            finally
            {
                system.Stop(listener);
            }
        }
    }

    private static async Task<bool> MoreAsync(
        ChannelReader<JobsMoved> reader,
        CancellationToken cancel
    )
    {
        try
        {
            return await reader.WaitToReadAsync(cancel);
        }
        catch (SubscriptionOverflowException)
        {
            return false;
        }
    }
}
