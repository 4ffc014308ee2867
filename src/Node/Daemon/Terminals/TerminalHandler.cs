using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Connections;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Serves one terminal from its client's first frame to its end: checks the request, waits
/// for the job, relays the frames and records the history.</summary>
/// <param name="node">The name of this node.</param>
/// <param name="newId">Returns an ID that no other terminal of the job has.</param>
internal sealed class TerminalHandler(
    string node,
    TerminalWaiter waiting,
    TerminalRoutes routes,
    TerminalHistory history,
    TerminalSettings settings,
    Func<string> newId
)
{
    private int _sessions;

    /// <summary>Returns when the terminal has ended and its client has been informed or has
    /// disconnected.</summary>
    public async Task ServeAsync(TerminalClientConnection client)
    {
        var to = client.Frames.Output;
        try
        {
            if (await OpenAndRelayAsync(client) is { } last)
            {
                to.WriteFrame(last);
                await to.FlushAsync(client.Disconnected);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client disconnected: no one can receive the message.
        }
    }

    /// <summary>Returns the last message to send, or null if there is none.</summary>
    private async Task<FromTerminal?> OpenAndRelayAsync(TerminalClientConnection client)
    {
        try
        {
            if (Interlocked.Increment(ref _sessions) > settings.SessionsMax)
                return Refused(LimitReached());
            var open = await ReadOpenAsync(client);
            if (!open.IsGranted)
                return Refused(open.Refusal);
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(
                client.Disconnected,
                client.Stopping
            );
            var job = await waiting.AwaitAsync(
                open.Reply,
                client.By,
                client.Frames.Output,
                stopped.Token
            );
            if (!job.IsGranted)
                return Refused(job.Refusal);
            return await RelayAsync(client, open.Reply, job.Reply.Node, job.Reply.Attempt);
        }
        catch (OperationCanceledException) when (!client.Disconnected.IsCancellationRequested)
        {
            return Refused(Stopping());
        }
        finally
        {
            Interlocked.Decrement(ref _sessions);
        }
    }

    private async Task<FromTerminal?> RelayAsync(
        TerminalClientConnection client,
        OpenTerminal open,
        string target,
        int attempt
    )
    {
        (open.By, open.Id, open.Attempt) = (client.By.User, newId(), attempt);
        open.WindowBytes =
            open.WindowBytes > 0 ? Math.Min(open.WindowBytes, settings.Window) : settings.Window;
        var recording = Task.CompletedTask;
        RelayOutcome end;
        TerminalClosed? last;
        bool wasOpen;
        await using (var job = await routes.OpenAsync(target, open))
        {
            using var relay = new TerminalRelay(
                client,
                job,
                () => recording = history.OpenedAsync(open, target, client.By)
            );
            end = await relay.RunAsync();
            (last, wasOpen) = (relay.Last, relay.WasOpen);
        }
        last ??=
            end == RelayOutcome.Closed
                ? null
                : TerminalMessages.Lost(Why(end, new Jid(open.Jid), target));
        if (wasOpen && last is not null)
            _ = RecordEndAsync(recording, open, last, client.By);
        return end is RelayOutcome.Closed or RelayOutcome.ClientDisconnected ? null
            : wasOpen ? new FromTerminal { Closed = last }
            : Refused(
                TerminalMessages.NotOpened(new Jid(open.Jid), target, "the connection was lost")
            );
    }

    private async Task RecordEndAsync(
        Task opened,
        OpenTerminal open,
        TerminalClosed last,
        Identity by
    )
    {
        await opened;
        await history.ClosedAsync(open, last, by);
    }

    private string Why(RelayOutcome end, Jid jid, string target) =>
        end switch
        {
            RelayOutcome.ClientDisconnected => "its client disconnected",
            RelayOutcome.GatewayStopping => $"Gateway node {node} is stopping.",
            _ => $"Lost the connection to node {target}, which runs job {jid}.",
        };

    private static async Task<Outcome<OpenTerminal>> ReadOpenAsync(TerminalClientConnection client)
    {
        var from = client.Frames.Input;
        while (true)
        {
            var read = await from.ReadAsync(client.Disconnected);
            var rest = read.Buffer;
            var status = TerminalFrameScanner.Next(ref rest, out _, out var body);
            if (status == FrameStatus.Whole)
            {
                var isRead = Frames.TryParse(ToTerminal.Parser, body, out var first);
                from.AdvanceTo(rest.Start);
                return isRead && first!.Open is { Jid: > 0 } open
                    ? open
                    : TerminalMessages.Malformed("it does not specify a job");
            }
            from.AdvanceTo(rest.Start, read.Buffer.End);
            if (status == FrameStatus.Malformed)
                return TerminalMessages.Malformed("it is not a frame, or is too long");
            if (read.IsCompleted)
                throw new ConnectionResetException(
                    "The client disconnected before its first message."
                );
        }
    }

    private static FromTerminal Refused(Refusal refusal) => new() { Refusal = refusal };

    private Refusal LimitReached() =>
        Refusals.Of(
            RefusalCode.Busy,
            $"Node {node} has reached its limit of {settings.SessionsMax} terminals (jobcloud.terminals.sessions-max); try again later."
        );

    private Refusal Stopping() =>
        Refusals.Of(RefusalCode.Busy, $"Node {node} is stopping; try again in a moment.");
}
