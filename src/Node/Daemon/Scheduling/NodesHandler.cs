using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Handles requests about nodes: asks the scheduler for the list and for drains.</summary>
internal sealed class NodesHandler(IActorRef scheduler, TimeSpan within)
{
    public Task<Outcome<NodesReply>> NodesAsync(CancellationToken cancel) =>
        AskAsync(new SchedulerNodes(), cancel);

    public Task<Outcome<NodesReply>> DrainAsync(
        DrainRequest request,
        Identity by,
        CancellationToken cancel
    ) => AskAsync(new DrainRequest(request) { By = by.User }, cancel);

    private async Task<Outcome<NodesReply>> AskAsync(object request, CancellationToken cancel)
    {
        try
        {
            return await scheduler.Ask<object>(request, within, cancel) switch
            {
                Refusal refusal => refusal,
                var reply => (NodesReply)reply,
            };
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                $"The scheduler did not answer within {within.TotalSeconds:F0} s; it may be "
                    + "moving to another node. Try again."
            );
        }
    }
}
