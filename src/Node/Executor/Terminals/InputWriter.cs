using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Passes a client's input to the process; queues at most one window. Used only on the
/// terminal's thread.</summary>
internal sealed unsafe class InputWriter(ClientLink client)
{
    /// <summary>The end of input of a terminal: Ctrl-D.</summary>
    private const byte EndOfTransmission = 4;

    private readonly ByteQueue _queue = new();
    private readonly TakenCounter _taken = new(JobTerminal.WindowBytes);
    private bool _isEnding;

    /// <summary>Whether input waits for the process to read it.</summary>
    public bool HasQueued => _queue.Count > 0;

    /// <summary>Queues input. A client that exceeds the window is disconnected.</summary>
    public void Take(TerminalStreams ends, ReadOnlySpan<byte> input)
    {
        if (ends.Input < 0 || _isEnding)
            Acknowledge(input.Length);
        else if (_queue.Count + input.Length <= JobTerminal.WindowBytes + TerminalFrames.ChunkBytes)
            _queue.Add(input);
        else
            client.Break();
    }

    public void End(TerminalStreams ends)
    {
        if (ends.IsPty)
            Take(ends, [EndOfTransmission]);
        else
            _isEnding = true;
    }

    /// <summary>Writes as much as the process accepts.</summary>
    public void Write(TerminalStreams ends)
    {
        while (_queue.Count > 0)
        {
            nint count;
            fixed (byte* bytes = _queue.Waiting)
                count = Libc.write(ends.Input, bytes, _queue.Count);
            if (count < 0 && Libc.Errno is Libc.EAGAIN or Libc.EINTR)
                return;
            // The reader is gone; the rest is discarded, as with any pipe.
            if (count < 0)
                (count, _isEnding) = (_queue.Count, true);
            _queue.Remove((int)count);
            Acknowledge((int)count);
        }
        if (_isEnding)
            ends.CloseInput();
    }

    private void Acknowledge(int taken)
    {
        if (_taken.Taken(taken) is > 0 and var total)
            client.Add(new FromTerminal { Taken = total });
    }
}
