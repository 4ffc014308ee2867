using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Node.Executor.Records;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor;

public sealed class RecordTests
{
    public static class Entries
    {
        public static Arbitrary<RecordEntry> Any() =>
            (
                from jid in Gen.Choose(1, 5)
                from entry in Gen.Elements(
                    new RecordEntry
                    {
                        Started = new()
                        {
                            Jid = jid,
                            Attempt = 1,
                            Pid = jid,
                        },
                    },
                    new RecordEntry
                    {
                        Ended = new()
                        {
                            Jid = jid,
                            Attempt = 1,
                            End = new(),
                        },
                    },
                    new RecordEntry
                    {
                        Accepted = new() { Jid = jid, Attempt = 1 },
                    },
                    new RecordEntry { Node = new() { Pid = jid } }
                )
                select entry
            ).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Entries)])]
    public void A_torn_record_reads_as_its_whole_entries(RecordEntry[] entries, int cut)
    {
        var bytes = Bytes(entries);
        var kept = bytes.Length == 0 ? 0 : Math.Abs((long)cut) % (bytes.Length + 1);
        var whole = 0;
        while (whole < entries.Length && Bytes(entries[..(whole + 1)]).Length <= kept)
            whole++;

        var torn = RecordContent.Read(bytes.AsSpan(0, (int)kept));
        var read = RecordContent.Read(Bytes(entries[..whole]));

        Assert.Equal(read.Running, torn.Running);
        Assert.Equal(read.Ended, torn.Ended);
        Assert.Equal(read.Node, torn.Node);
        Assert.Equal(kept - Bytes(entries[..whole]).Length, torn.TornBytes);
    }

    [Property(Arbitrary = [typeof(Entries)])]
    public void What_ended_is_not_running_and_what_is_accepted_is_neither(RecordEntry[] entries)
    {
        var read = RecordContent.Read(Bytes(entries));

        foreach (var start in read.Running)
            Assert.NotNull(Last(entries, start.Jid, e => e.Accepted is null)?.Started);
        foreach (var end in read.Ended)
            Assert.Null(Last(entries, end.Jid, e => e.Started is null)?.Accepted);
    }

    private static RecordEntry? Last(
        RecordEntry[] entries,
        long jid,
        Func<RecordEntry, bool> counts
    ) =>
        entries.LastOrDefault(e =>
            counts(e) && (e.Started?.Jid ?? e.Ended?.Jid ?? e.Accepted?.Jid) == jid
        );

    private static byte[] Bytes(RecordEntry[] entries)
    {
        using var stream = new MemoryStream();
        foreach (var entry in entries)
            entry.WriteDelimitedTo(stream);
        return stream.ToArray();
    }
}
