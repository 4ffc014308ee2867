using System.Buffers.Binary;

namespace JobCloud.Protocol.Logs;

/// <summary>Reads what the kernel writes down of processes as they begin (perf_event_open(2),
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

    /// <summary>Who began a process, and when by the kernel's clock, ns.</summary>
    public readonly record struct Beginning(int Parent, ulong At);

    /// <summary>Who began this process; null: the records do not say.</summary>
    /// <param name="newestFirst">Whole records; what follows the last one may be torn.</param>
    public static Beginning? Of(int pid, ReadOnlySpan<byte> newestFirst)
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

    /// <summary>A further thread of a process begins in the same kind of record.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> record, int pid) =>
        record.Length >= ForkBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(record) == Fork
        && BinaryPrimitives.ReadInt32LittleEndian(record[PidAt..]) == pid
        && BinaryPrimitives.ReadInt32LittleEndian(record[ThreadAt..]) == pid;
}
