using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Processes;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Says on stderr why a followed job does not start.</summary>
internal static class WaitNotice
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>Time between two questions; a reason is said again only if it changed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <param name="following">Ends when the job has ended.</param>
    public static async Task<T> WhileAsync<T>(
        Task<T> following,
        CloudConnection cloud,
        Jid jid,
        CommandProcess terminal
    )
    {
        var (delay, said) = (Delay, "");
        while (await Task.WhenAny(following, Task.Delay(delay, terminal.Clock)) != following)
        {
            var (waits, why) = await AskAsync(cloud, jid);
            if (!waits)
                break;
            if (why.Length > 0 && why != said)
                terminal.Error.WriteLine(said = why);
            delay = Interval;
        }
        return await following;
    }

    private static async Task<(bool Waits, string Why)> AskAsync(CloudConnection cloud, Jid jid)
    {
        try
        {
            var reply = await cloud.Api.ExplainAsync(new() { Jid = jid }, cloud.UnaryOptions());
            return (reply.Status is Status.Waiting or Status.Queued, ExplainCommand.TextOf(reply));
        }
        catch (RpcException)
        {
            // The node may be restarting.
            return (true, "");
        }
    }
}
