using System.Buffers.Binary;
using JobCloud.Protocol.Logs;

namespace JobCloud.Protocol.Tests.Logs;

public sealed class ForkRecordsTests
{
    private const uint Fork = 7,
        Exit = 4;

    [Fact]
    public void The_newest_start_of_a_process_is_found()
    {
        byte[] records =
        [
            .. Record(Exit, pid: 20, parent: 1, thread: 20, at: 9),
            .. Record(Fork, pid: 30, parent: 20, thread: 30, at: 8),
            .. Record(Fork, pid: 20, parent: 10, thread: 20, at: 7),
            .. Record(Fork, pid: 20, parent: 5, thread: 20, at: 1),
        ];

        Assert.Equal(new(10, 7), ForkRecords.Of(20, records));
        Assert.Equal(new(20, 8), ForkRecords.Of(30, records));
        Assert.Null(ForkRecords.Of(10, records));
    }

    [Fact]
    public void A_new_thread_is_not_a_process_start()
    {
        var thread = Record(Fork, pid: 20, parent: 20, thread: 21, at: 1);

        Assert.Null(ForkRecords.Of(20, thread));
        Assert.Null(ForkRecords.Of(21, thread));
    }

    [Fact]
    public void Truncated_or_corrupt_records_match_nothing()
    {
        var whole = Record(Fork, pid: 20, parent: 10, thread: 20, at: 1);

        for (var length = 0; length < whole.Length; length++)
            Assert.Null(ForkRecords.Of(20, whole.AsSpan(0, length)));
        Assert.Null(ForkRecords.Of(20, [.. new byte[8], .. whole]));
        Assert.Null(ForkRecords.Of(20, [.. Enumerable.Repeat((byte)0xff, 8), .. whole]));
    }

    private static byte[] Record(uint kind, int pid, int parent, int thread, ulong at)
    {
        var record = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(record, kind);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)record.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), parent);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), thread);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(20), parent);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(24), at);
        return record;
    }
}
