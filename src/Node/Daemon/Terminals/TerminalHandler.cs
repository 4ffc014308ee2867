using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Connections;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>One terminal from its client's first frame to its end: checked, waited for, relayed,
/// written down.</summary>
/// <param name="node">This node.</param>
/// <param name="newId">A name for a terminal that no other of its job has.</param>
internal sealed class TerminalHandler(
    string node,
    TerminalWait waiting,
    TerminalRoutes routes,
    TerminalHistory history,
    TerminalSettings settings,
    Func<string> newId
)
{
    private int _sessions;

    /// <summary>Returns when the terminal has ended and its client knows, or has gone.</summary>
    public async Task ServeAsync(TerminalCaller client)
    {
        var to = client.Frames.Output;
        try
        {
            if (await ReachAsync(client) is { } word)
            {
                to.WriteFrame(word);
                await to.FlushAsync(client.Gone);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone, or there is nobody left to tell.
        }
    }

    /// <summary>What is still to be said at the end; null: all was said.</summary>
    private async Task<FromTerminal?> ReachAsync(TerminalCaller client)
    {
        try
        {
            if (Interlocked.Increment(ref _sessions) > settings.SessionsMax)
                return Refused(TooMany());
            var open = await ReadOpenAsync(client);
            if (!open.Granted)
                return Refused(open.Refusal);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                client.Gone,
                client.Ending
            );
            var job = await waiting.AwaitAsync(
                open.Reply,
                client.By,
                client.Frames.Output,
                over.Token
            );
            if (!job.Granted)
                return Refused(job.Refusal);
            return await RelayAsync(client, open.Reply, job.Reply.Node, job.Reply.Attempt);
        }
        catch (OperationCanceledException) when (!client.Gone.IsCancellationRequested)
        {
            return Refused(Ending());
        }
        finally
        {
            Interlocked.Decrement(ref _sessions);
        }
    }

    private async Task<FromTerminal?> RelayAsync(
        TerminalCaller client,
        OpenTerminal open,
        string target,
        int attempt
    )
    {
        (open.By, open.Id, open.Attempt) = (client.By.User, newId(), attempt);
        open.WindowBytes =
            open.WindowBytes > 0 ? Math.Min(open.WindowBytes, settings.Window) : settings.Window;
        var noting = Task.CompletedTask;
        RelayEnd end;
        TerminalClosed? last;
        bool wasOpen;
        await using (var job = await routes.OpenAsync(target, open))
        {
            using var relay = new TerminalRelay(
                client,
                job,
                () => noting = history.OpenedAsync(open, target, client.By)
            );
            end = await relay.RunAsync();
            (last, wasOpen) = (relay.Last, relay.WasOpen);
        }
        last ??= end == RelayEnd.Said ? null : TerminalWords.Lost(Why(end, open.Jid, target));
        if (wasOpen && last is not null)
            _ = NoteEndAsync(noting, open, last, client.By);
        return end is RelayEnd.Said or RelayEnd.ClientGone ? null
            : wasOpen ? new FromTerminal { Closed = last }
            : Refused(TerminalWords.NotOpened(open.Jid, target, "it went away"));
    }

    private async Task NoteEndAsync(
        Task opened,
        OpenTerminal open,
        TerminalClosed last,
        Identity by
    )
    {
        await opened;
        await history.ClosedAsync(open, last, by);
    }

    private string Why(RelayEnd end, long jid, string target) =>
        end switch
        {
            RelayEnd.ClientGone => "its client went away",
            RelayEnd.GatewayEnds => $"Node {node}, which it passed through, ends.",
            _ => $"Node {target}, which runs job {jid}, went away.",
        };

    private static async Task<Outcome<OpenTerminal>> ReadOpenAsync(TerminalCaller client)
    {
        var from = client.Frames.Input;
        while (true)
        {
            var read = await from.ReadAsync(client.Gone);
            var rest = read.Buffer;
            var status = TerminalScan.Next(ref rest, out _, out var body);
            if (status == FrameStatus.Whole)
            {
                var isRead = Frames.TryParse(ToTerminal.Parser, body, out var first);
                from.AdvanceTo(rest.Start);
                return isRead && first!.Open is { Jid: > 0 } open
                    ? open
                    : TerminalWords.Malformed("it does not say which job to enter");
            }
            from.AdvanceTo(rest.Start, read.Buffer.End);
            if (status == FrameStatus.Malformed)
                return TerminalWords.Malformed("it is no frame, or too long");
            if (read.IsCompleted)
                throw new ConnectionResetException("The client left before it said anything.");
        }
    }

    private static FromTerminal Refused(Refusal refusal) => new() { Refusal = refusal };

    private Refusal TooMany() =>
        Refusals.Of(
            RefusalCode.Busy,
            0,
            $"Node {node} has {settings.SessionsMax} terminals open, the most it takes (jobcloud.terminals.sessions-max). Try again."
        );

    private Refusal Ending() =>
        Refusals.Of(RefusalCode.Busy, 0, $"The node {node} is ending; try again in a moment.");
}
