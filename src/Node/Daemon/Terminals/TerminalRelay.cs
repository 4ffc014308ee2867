using System.Buffers;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Connections;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The side that ended a terminal.</summary>
internal enum RelayOutcome
{
    /// <summary>The job's side sent its last message, and the client has received it.</summary>
    Closed,

    /// <summary>The job's side broke off without a last message.</summary>
    JobLost,

    /// <summary>The client disconnected.</summary>
    ClientDisconnected,

    /// <summary>This node is stopping.</summary>
    GatewayStopping,
}

/// <summary>Copies bytes between a client and the job's side. Passes the client's bytes unchanged,
/// and the job's in whole frames, so that a last message from this node can follow if the job's
/// side breaks off.</summary>
/// <param name="opened">Called once the terminal is open.</param>
internal sealed class TerminalRelay(
    TerminalClientConnection client,
    ITerminalPipe job,
    Action opened
) : IDisposable
{
    private readonly CancellationTokenSource _ended =
        CancellationTokenSource.CreateLinkedTokenSource(client.Disconnected, client.Stopping);
    private bool _clientLeft;

    /// <summary>True if the terminal was opened.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>The end of the terminal; null if it was refused or has not been reported.</summary>
    public TerminalClosed? Last { get; private set; }

    public async Task<RelayOutcome> RunAsync()
    {
        var input = CopyInputAsync();
        var hasLast = await CopyOutputAsync();
        var end =
            hasLast ? RelayOutcome.Closed
            : _clientLeft || client.Disconnected.IsCancellationRequested
                ? RelayOutcome.ClientDisconnected
            : client.Stopping.IsCancellationRequested ? RelayOutcome.GatewayStopping
            : RelayOutcome.JobLost;
        await _ended.CancelAsync();
        await input;
        return end;
    }

    public void Dispose() => _ended.Dispose();

    private async Task CopyInputAsync()
    {
        var from = client.Frames.Input;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(_ended.Token);
                foreach (var piece in read.Buffer)
                    job.Output.Write(piece.Span);
                from.AdvanceTo(read.Buffer.End);
                if ((await job.Output.FlushAsync(_ended.Token)).IsCompleted)
                    return;
                if (read.IsCompleted)
                    break;
            }
        }
        catch (ConnectionResetException)
        {
            // The client disconnected, as at the end of its stream.
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The job's side reports the reason.
            return;
        }
        _clientLeft = true;
        await _ended.CancelAsync();
    }

    /// <summary>Returns false if the job's side ended without a last message.</summary>
    private async Task<bool> CopyOutputAsync()
    {
        var (from, to) = (job.Input, client.Frames.Output);
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(_ended.Token);
                var rest = read.Buffer;
                var isLast = false;
                FrameStatus status;
                while (
                    (status = TerminalFrameScanner.Next(ref rest, out var field, out var body))
                    == FrameStatus.Whole
                )
                    isLast |= Inspect(field, body);
                foreach (var piece in read.Buffer.Slice(0, rest.Start))
                    to.Write(piece.Span);
                from.AdvanceTo(rest.Start, read.Buffer.End);
                var flushed = await to.FlushAsync(_ended.Token);
                if (isLast)
                    return true;
                if (read.IsCompleted || flushed.IsCompleted || status == FrameStatus.Malformed)
                    return false;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    /// <summary>Returns true for the last message.</summary>
    private bool Inspect(int field, ReadOnlySequence<byte> body)
    {
        switch (field)
        {
            case TerminalFrameScanner.Opened when !WasOpen:
                WasOpen = true;
                opened();
                return false;
            case TerminalFrameScanner.Closed:
                Last = FromTerminal.Parser.ParseFrom(body).Closed;
                return true;
            default:
                return field == TerminalFrameScanner.Refusal;
        }
    }
}
