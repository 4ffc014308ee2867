using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Jobs;

public sealed class IndexRebuildTests
{
    private const int Many = 100;
    private const long Open = 7;
    private const long Damaged = 9;
    private const long Deleted = 11;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_index_that_is_far_behind_reads_the_journal_without_waking_segments()
    {
        await using var store = await TestStore.OpenAsync();
        var inbox = Inbox.Create(store.System);
        for (var segment = 0L; segment < Many; segment++)
            store
                .Writer(ClusterNames.SegmentId(segment), inbox.Receiver)
                .Tell(new JobsChanged { Events = { EventsOf(segment) } });
        for (var written = 0; written < Many; )
            if (await inbox.ReceiveAsync(Within) is JournalWriter.Wrote)
                written++;
        await store.ExecuteAsync(
            "UPDATE journal SET message = x'ff' WHERE persistence_id = "
                + $"'{ClusterNames.SegmentId(Damaged)}'"
        );
        var index = store.System.ActorOf(
            IndexActor.Props($"{store.Home.Path}/index.db", "store", new IndexSettings())
        );
        var heads = await new SegmentCatalog(store.Store).ReadAsync(CancellationToken.None);
        var rebuild = new IndexRebuild(
            index,
            new JournalReader(store.Store),
            NoLogger.Instance,
            Within
        );

        await rebuild.RunAsync(heads);

        var stale = await index.Ask<SegmentsStale>(new FindStaleSegments(heads), Within);
        Assert.Equal([Open, Damaged, Deleted], stale.Segments.Order());
        var listed = new List<JobRow>();
        long? after = null;
        do
        {
            var page = await index.Ask<SubmissionsListed>(
                new ListSubmissions(SliceFilter.Everything, Many, after),
                Within
            );
            listed.AddRange(page.Rows);
            after = page.Next;
        } while (after is not null);
        Assert.Equal(
            Enumerable
                .Range(0, Many)
                .Where(segment => segment is not (int)Damaged and not (int)Deleted)
                .Select(segment => Segments.First(segment))
                .OrderDescending(),
            listed.Select(row => row.First)
        );
        Assert.All(listed, row => Assert.Equal("true", row.Command));
    }

    private static IEnumerable<JobEvent> EventsOf(long number)
    {
        var segment = new Segment(number);
        var batch = new PendingCommit(segment, 1_000_000 + number, JobRules.Default);
        var first = Segments.First(number);
        Decide.Submit(
            batch,
            new SubmitSlice
            {
                First = first,
                Count = 1,
                Submitted = new Submitted
                {
                    Spec = new JobSpec
                    {
                        Command = "true",
                        Cores = 1,
                        Priority = 5,
                    },
                    SubmissionFirst = first,
                    SubmissionLast = first,
                    Owner = "ann",
                },
            }
        );
        if (number != Open)
            Do(Change.Kill);
        if (number == Deleted)
            Do(Change.Delete);
        return batch.Events;

        void Do(Change change) =>
            Assert.Null(
                Decide.Change(
                    batch,
                    new ChangeJobs { Change = change, Jobs = { JidRanges.Range(first, first) } },
                    new Requester("ann", false),
                    out _
                )
            );
    }
}
