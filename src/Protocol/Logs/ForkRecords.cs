using System.Buffers.Binary;

namespace JobCloud.Protocol.Logs;

/// <summary>Parses the kernel's records of process starts (perf_event_open(2),
/// PERF_RECORD_FORK).</summary>
public static class ForkRecords
{
    private const uint Fork = 7;
    private const int HeadBytes = 8,
        ForkBytes = 32;
    private const int LengthAt = 6,
        PidAt = 8,
        ParentAt = 12,
        ThreadAt = 16,
        TimeAt = 24;

    /// <summary>The parent of a process, and the start time by the kernel's clock, ns.</summary>
    public readonly record struct ProcessStart(int Parent, ulong At);

    /// <summary>Finds the start of a process; null: the records have none.</summary>
    /// <param name="newestFirst">Complete records; the data after the last may be
    /// truncated.</param>
    public static ProcessStart? Of(int pid, ReadOnlySpan<byte> newestFirst)
    {
        var rest = newestFirst;
        while (rest.Length >= HeadBytes)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthAt..]);
            if (length < HeadBytes || length > rest.Length)
                return null;
            if (IsBeginning(rest[..length], pid))
                return new(
                    BinaryPrimitives.ReadInt32LittleEndian(rest[ParentAt..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(rest[TimeAt..])
                );
            rest = rest[length..];
        }
        return null;
    }

    /// <summary>Whether a record is a process start: new threads have the same record
    /// type.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> record, int pid) =>
        record.Length >= ForkBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(record) == Fork
        && BinaryPrimitives.ReadInt32LittleEndian(record[PidAt..]) == pid
        && BinaryPrimitives.ReadInt32LittleEndian(record[ThreadAt..]) == pid;
}
