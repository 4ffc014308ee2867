using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>What a client sends, on its way to the process: never more of it waits than the window
/// allows. For the terminal's thread.</summary>
internal sealed unsafe class InputFeed(ClientLink client)
{
    /// <summary>End of input, as a terminal has it: Ctrl-D.</summary>
    private const byte EndOfTransmission = 4;

    private readonly ByteQueue _queue = new();
    private readonly TakenCount _taken = new(Terminal.WindowBytes);
    private bool _isEnding;

    /// <summary>Whether some of it waits for the process to read.</summary>
    public bool Waits => _queue.Count > 0;

    /// <summary>A client that sends more than it may is cut off.</summary>
    public void Take(TerminalEnds ends, ReadOnlySpan<byte> input)
    {
        if (ends.Input < 0 || _isEnding)
            Tell(input.Length);
        else if (_queue.Count + input.Length <= Terminal.WindowBytes + TerminalFrames.ChunkBytes)
            _queue.Add(input);
        else
            client.Break();
    }

    public void End(TerminalEnds ends)
    {
        if (ends.IsPty)
            Take(ends, [EndOfTransmission]);
        else
            _isEnding = true;
    }

    /// <summary>Writes as much as the process takes.</summary>
    public void Write(TerminalEnds ends)
    {
        while (_queue.Count > 0)
        {
            nint count;
            fixed (byte* bytes = _queue.Waiting)
                count = Libc.write(ends.Input, bytes, _queue.Count);
            if (count < 0 && Libc.Errno is Libc.EAGAIN or Libc.EINTR)
                return;
            // Nobody reads it any more: the rest goes nowhere, as with any pipe.
            if (count < 0)
                (count, _isEnding) = (_queue.Count, true);
            _queue.Remove((int)count);
            Tell((int)count);
        }
        if (_isEnding)
            ends.CloseInput();
    }

    private void Tell(int taken)
    {
        if (_taken.Taken(taken) is > 0 and var told)
            client.Add(new FromTerminal { Taken = told });
    }
}
