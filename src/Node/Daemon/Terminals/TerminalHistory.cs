using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;
using Events = JobCloud.Protocol.Events;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Records the opening and closing of terminals in the history of the job's segment. Does
/// not delay terminals; what the store does not accept is only in the node's log.</summary>
internal sealed class TerminalHistory(SegmentClient segments, NodeLog log)
{
    public Task OpenedAsync(OpenTerminal open, string node, Identity by) =>
        WriteAsync(
            new TerminalReport
            {
                Jid = open.Jid,
                Opened = new Events.TerminalOpened
                {
                    Attempt = open.Attempt,
                    Id = open.Id,
                    Node = node,
                    Kind = open.Kind,
                    Command = TerminalMessages.Kept(open.Command),
                },
            },
            by
        );

    public Task ClosedAsync(OpenTerminal open, TerminalClosed end, Identity by) =>
        WriteAsync(
            new TerminalReport
            {
                Jid = open.Jid,
                Closed = new Events.TerminalClosed
                {
                    Attempt = open.Attempt,
                    Id = open.Id,
                    ExitCode = end.ExitCode,
                    Why = end.Why.TrimEnd('.'),
                },
            },
            by
        );

    private async Task WriteAsync(TerminalReport report, Identity by)
    {
        var reply = await segments.RecordTerminalAsync(report, by);
        if (reply.Refusal is { } refusal)
            log.Write(
                LogLevel.Warning,
                "terminals",
                $"Could not record in the history of job {report.Jid} that {by.User} {(report.Opened is null ? "left" : "opened")} a terminal: {refusal.Message}"
            );
    }
}
