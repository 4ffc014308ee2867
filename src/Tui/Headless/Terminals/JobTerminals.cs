using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Opens a terminal in a job and reports how it ended.</summary>
internal static class JobTerminals
{
    /// <summary>The time limit for the status of a job after its terminals were closed.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>A request for a shell or one command in a job.</summary>
    /// <param name="pty">Null decides as OpenSSH does: a pty for an interactive shell.</param>
    public static OpenTerminal Request(
        CommandProcess terminal,
        Jid jid,
        string command,
        bool? pty,
        TimeSpan? wait
    )
    {
        var open = new OpenTerminal
        {
            Jid = jid,
            Kind = command.Length > 0 ? TerminalKind.Command : TerminalKind.Shell,
            Command = command,
            WaitMs = (long)(wait?.TotalMilliseconds ?? 0),
        };
        if (pty ?? (command.Length == 0 && terminal.InputIsTerminal))
            open.Pty = new Pty
            {
                Term = terminal.Variable("TERM") ?? "dumb",
                Size = terminal.WindowSize(),
            };
        return open;
    }

    /// <summary>Runs a session. Until the terminal is open, the command waits for the job and
    /// survives any restart of the node.</summary>
    public static async Task<SessionEnd> RunAsync(
        Invocation call,
        CloudConnection cloud,
        OpenTerminal open
    )
    {
        cloud.Patience.WaitForNode();
        var outage = cloud.Patience.NewOutage();
        var (clock, began) = (call.Terminal.Clock, call.Terminal.Clock.GetTimestamp());
        var wait = open.WaitMs;
        while (true)
        {
            var end = RunOnce(call, cloud, open);
            var failure = end switch
            {
                SessionEnd.ConnectionLost { IsOpen: false } => CallFailure.NoAnswer,
                SessionEnd.Refused { Refusal.Code: var code } => CallFailures.Of(code),
                _ => CallFailure.Final,
            };
            var why = (end as SessionEnd.Refused)?.Refusal.Message;
            if (!await outage.PassesAsync(failure, why, CancellationToken.None))
                return end;
            if (wait == 0)
                continue;
            open.WaitMs = wait - (long)clock.GetElapsedTime(began).TotalMilliseconds;
            if (open.WaitMs <= 0)
                return new SessionEnd.Refused(NoAnswer(wait));
        }
    }

    private static SessionEnd RunOnce(Invocation call, CloudConnection cloud, OpenTerminal open)
    {
        using var wire = TerminalConnector.TryConnect(cloud);
        if (wire is null)
            return new SessionEnd.ConnectionLost(IsOpen: false);
        using var session = new TerminalSession(wire, call.Terminal, open);
        return session.Run();
    }

    private static Refusal NoAnswer(long waitMs) =>
        new()
        {
            Code = RefusalCode.Timeout,
            Message = $"Timed out after {waitMs / 1000.0:0.###} s: the node does not answer.",
        };

    /// <summary>Writes the last message to stderr and returns the exit code.</summary>
    public static async Task<Report> ReportAsync(
        Invocation call,
        CloudConnection cloud,
        Jid jid,
        SessionEnd end
    )
    {
        switch (end)
        {
            case SessionEnd.Refused { Refusal: var why }:
                return CommandError.Of(why);
            case SessionEnd.Closed { Message: { By: ClosedBy.Exit } how }:
                return new Report.Ended(how.ExitCode);
            case SessionEnd.Closed { Message.By: ClosedBy.JobEnd }:
                var status = await EndOfAsync(cloud, jid);
                call.Terminal.Error.WriteLine($"Job {jid} ended: {status}. Connection closed.");
                return new Report.Ended(CommandExitCodes.Refused);
            case SessionEnd.Closed { Message: var how }:
                return CommandError.Unavailable($"{how.Why} Connection closed.") with { Jid = jid };
            case SessionEnd.ClosedByUser { ExitCode: var code }:
                call.Terminal.Error.WriteLine($"Connection to job {jid} closed.");
                return new Report.Ended(code);
            default:
                return CommandError.Unavailable(
                    $"The connection to the node was lost; job {jid} is unaffected. "
                        + $"Reconnect with 'jobcloud ssh {jid}'."
                ) with
                {
                    Jid = jid,
                };
        }
    }

    private static async Task<string> EndOfAsync(CloudConnection cloud, Jid jid)
    {
        var request = new AwaitRequest { Jobs = JidRuns.One(jid), Mode = AwaitMode.All };
        var latest = new AwaitReply();
        try
        {
            await foreach (var reply in JobWaiter.WatchAsync(cloud, request, EndLimit))
                latest = reply;
        }
        catch (Exception e) when (e is ClientErrorException or Grpc.Core.RpcException)
        {
            // The status stays unknown.
        }
        var status = (Status)latest.Counts.ToList().FindIndex(static count => count > 0);
        return JidRuns.IsFinished(status) ? StatusNames.Of(status) : "its status is not known yet";
    }
}
