using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;
using Events = JobCloud.Protocol.Events;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Has the job's segment write down who came and went. Nobody's typing waits for it; what
/// the store does not take is in the node's log alone.</summary>
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
                    Command = TerminalWords.Kept(open.Command),
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
        var reply = await segments.NoteAsync(report, by);
        if (reply.Refusal is { } refusal)
            log.Write(
                LogLevel.Warning,
                "terminals",
                $"The history of job {report.Jid} lacks that {by.User} {(report.Opened is null ? "left" : "opened")} a terminal: {refusal.Message}"
            );
    }
}
