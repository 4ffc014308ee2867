using System.Buffers;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Connections;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Which side ended a terminal.</summary>
internal enum RelayEnd
{
    /// <summary>The job's end said its last word, and the client has it.</summary>
    Said,

    /// <summary>The job's end broke off without a word.</summary>
    JobBroke,

    /// <summary>The client disappeared.</summary>
    ClientGone,

    /// <summary>This node ends.</summary>
    GatewayEnds,
}

/// <summary>
/// Copies bytes between a client and the job's end. The client's pass as they are; those of the
/// job's end at whole frames, so that a last word of ours can follow when it breaks off.
/// </summary>
/// <param name="opened">Called once the terminal is open.</param>
internal sealed class TerminalRelay(TerminalCaller client, ITerminalEnd job, Action opened)
    : IDisposable
{
    private readonly CancellationTokenSource _over =
        CancellationTokenSource.CreateLinkedTokenSource(client.Gone, client.Ending);
    private bool _clientLeft;

    /// <summary>Whether it was ever open.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>How it ended; null: it was refused, or has not said.</summary>
    public TerminalClosed? Last { get; private set; }

    public async Task<RelayEnd> RunAsync()
    {
        var typing = TypeAsync();
        var said = await ShowAsync();
        var end =
            said ? RelayEnd.Said
            : _clientLeft || client.Gone.IsCancellationRequested ? RelayEnd.ClientGone
            : client.Ending.IsCancellationRequested ? RelayEnd.GatewayEnds
            : RelayEnd.JobBroke;
        await _over.CancelAsync();
        await typing;
        return end;
    }

    public void Dispose() => _over.Dispose();

    private async Task TypeAsync()
    {
        var from = client.Frames.Input;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(_over.Token);
                foreach (var piece in read.Buffer)
                    job.Output.Write(piece.Span);
                from.AdvanceTo(read.Buffer.End);
                if ((await job.Output.FlushAsync(_over.Token)).IsCompleted)
                    return;
                if (read.IsCompleted)
                    break;
            }
        }
        catch (ConnectionResetException)
        {
            // The client has gone, as when it said so by the end of its stream.
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The job's end is the one to say why.
            return;
        }
        _clientLeft = true;
        await _over.CancelAsync();
    }

    /// <summary>False: it ended without a last word.</summary>
    private async Task<bool> ShowAsync()
    {
        var (from, to) = (job.Input, client.Frames.Output);
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(_over.Token);
                var rest = read.Buffer;
                var said = false;
                FrameStatus status;
                while (
                    (status = TerminalScan.Next(ref rest, out var field, out var body))
                    == FrameStatus.Whole
                )
                    said |= Note(field, body);
                foreach (var piece in read.Buffer.Slice(0, rest.Start))
                    to.Write(piece.Span);
                from.AdvanceTo(rest.Start, read.Buffer.End);
                var flushed = await to.FlushAsync(_over.Token);
                if (said)
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

    /// <summary>True: it is the last.</summary>
    private bool Note(int field, ReadOnlySequence<byte> body)
    {
        switch (field)
        {
            case TerminalScan.Opened when !WasOpen:
                WasOpen = true;
                opened();
                return false;
            case TerminalScan.Closed:
                Last = FromTerminal.Parser.ParseFrom(body).Closed;
                return true;
            default:
                return field == TerminalScan.Refusal;
        }
    }
}
