using System.Buffers;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Terminals;

/// <summary>Splits a byte stream into the frames of a terminal without parsing them.</summary>
public static class TerminalFrameScanner
{
    /// <summary>The longest frame: an OpenTerminal with the longest command that Linux
    /// accepts.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>The number of taken bytes to report at once, while fewer wait: half of the smallest
    /// window.</summary>
    public const int MinimumTaken = 32 << 10;

    /// <summary>Field numbers in the oneof of FromTerminal.</summary>
    public const int Opened = FromTerminal.OpenedFieldNumber;
    public const int Closed = FromTerminal.ClosedFieldNumber;
    public const int Refusal = FromTerminal.RefusalFieldNumber;

    private const int LongestPrefix = 5;

    /// <summary>Takes the frame at the start of <paramref name="rest"/>.</summary>
    /// <param name="field">The field of the oneof in it; 0: none.</param>
    public static FrameStatus Next(
        ref ReadOnlySequence<byte> rest,
        out int field,
        out ReadOnlySequence<byte> body
    )
    {
        (field, body) = (0, default);
        Span<byte> start = stackalloc byte[LongestPrefix + 1];
        var known = (int)Math.Min(rest.Length, start.Length);
        rest.Slice(0, known).CopyTo(start);
        var status = Frames.Read(start[..known], MaxBytes, out var at, out var length);
        if (status == FrameStatus.Malformed || (at == 0 && status == FrameStatus.Incomplete))
            return status;
        if (rest.Length < at + length)
            return FrameStatus.Incomplete;
        // A tag is the field number and three bits of type. Numbers below 16 take one byte.
        field = length > 0 ? start[at] >> 3 : 0;
        body = rest.Slice(at, length);
        rest = rest.Slice(body.End);
        return FrameStatus.Whole;
    }
}
