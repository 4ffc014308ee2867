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
    public void A_truncated_record_yields_its_complete_entries(RecordEntry[] entries, int cut)
    {
        var bytes = Bytes(entries);
        var kept = bytes.Length == 0 ? 0 : Math.Abs((long)cut) % (bytes.Length + 1);
        var complete = 0;
        while (complete < entries.Length && Bytes(entries[..(complete + 1)]).Length <= kept)
            complete++;

        var truncated = RecordContent.Read(bytes.AsSpan(0, (int)kept));
        var read = RecordContent.Read(Bytes(entries[..complete]));

        Assert.Equal(read.Running, truncated.Running);
        Assert.Equal(read.Ended, truncated.Ended);
        Assert.Equal(read.Node, truncated.Node);
        Assert.Equal(kept - Bytes(entries[..complete]).Length, truncated.TruncatedBytes);
    }

    [Property(Arbitrary = [typeof(Entries)])]
    public void An_ended_attempt_is_not_running_and_an_acknowledged_one_is_neither(
        RecordEntry[] entries
    )
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
