using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The nodes of the cloud, as the scheduler knows them.</summary>
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
                0,
                $"The scheduler did not answer within {within.TotalSeconds:F0} s: it may just be moving to another node. Try again."
            );
        }
    }
}
