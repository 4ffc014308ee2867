using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Api;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Indexing;

public sealed class IndexActorTests : ActorTest
{
    private readonly TestHome _home = new();

    public IndexActorTests()
        : base("akka.index-dispatcher.type = PinnedDispatcher") { }

    private string Path => $"{_home.Path}/index.db";

    protected override void AfterAll()
    {
        base.AfterAll();
        _home.Dispose();
    }

    [Fact]
    public void A_query_sees_all_rows_received_before_it()
    {
        var index = Start(TimeSpan.FromHours(1));
        index.Tell(Slices.RowsOf(Slices.Job(1, Status.Done)));
        Assert.Equal([1], List(index));
        index.Tell(Slices.RowsOf(Slices.Job(2, Status.Done), sequenceNr: 2));
        index.Tell(new ResolveSelection(new SelectionItem { Word = SelectionWord.Last }));
        Assert.Equal([new ResolvedRange(2, 2, true)], ExpectMsg<SelectionResolved>().Ranges);
    }

    [Fact]
    public void Rows_are_written_after_the_write_interval()
    {
        var index = Start(TimeSpan.FromMilliseconds(10));
        index.Tell(Slices.RowsOf(Slices.Job(1, Status.Done)));
        using var file = IndexFile.Open(Path, "store");
        AwaitAssert(() =>
            Assert.Single(new SubmissionIndex(file).Read(new(SliceFilter.Everything, 9)).Rows)
        );
    }

    [Fact]
    public void Rows_over_the_limit_are_written_at_once()
    {
        var index = Start(TimeSpan.FromHours(1), maxPendingRows: 5);
        for (var jid = 1; jid <= 5; jid++)
            index.Tell(Slices.RowsOf(Slices.Job(jid, Status.Done), sequenceNr: jid));
        using var file = IndexFile.Open(Path, "store");
        AwaitAssert(() =>
            Assert.Equal(
                5,
                new SubmissionIndex(file).Read(new(SliceFilter.Everything, 9)).Rows.Count
            )
        );
    }

    [Fact]
    public void Pending_rows_are_written_at_shutdown()
    {
        var index = Start(TimeSpan.FromHours(1));
        index.Tell(Slices.RowsOf(Slices.Job(1, Status.Done)));
        Watch(index);
        index.Tell(PoisonPill.Instance);
        ExpectTerminated(index);
        Assert.Equal([1], List(Start(TimeSpan.FromHours(1))));
    }

    [Fact]
    public void An_index_corrupted_in_use_is_rebuilt_and_announced()
    {
        var index = Start(TimeSpan.FromHours(1));
        for (var jid = 1; jid <= 2000; jid++)
            index.Tell(Slices.RowsOf(Slices.Job(jid, Status.Done), sequenceNr: jid));
        Assert.Equal(9, List(index).Length);
        Sys.EventStream.Subscribe(TestActor, typeof(IndexFellBehind));
        using (var file = IndexFile.Open(Path, "store"))
        using (var command = file.CreateCommand())
        {
            // Moves all pages to the file, where they can be overwritten.
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        using (
            var bytes = new FileStream(
                Path,
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.ReadWrite
            )
        )
        {
            bytes.Position = 4096;
            bytes.Write(Enumerable.Repeat((byte)0xA5, (int)bytes.Length - 4096).ToArray());
        }
        index.Tell(Slices.RowsOf(Slices.Job(5000, Status.Done)));
        index.Tell(new ListSubmissions(SliceFilter.Everything, 2000));
        FishForMessage(message => message is IndexFellBehind);
        Assert.Empty(List(index));
        index.Tell(Slices.RowsOf(Slices.Job(1, Status.Done)));
        Assert.Equal([1], List(index));
    }

    [Fact]
    public void Segments_missing_from_the_journal_are_deleted_when_stale_segments_are_requested()
    {
        var index = Start(TimeSpan.FromHours(1));
        index.Tell(Slices.RowsOf(Slices.Job(1, Status.Done)));
        index.Tell(Slices.RowsOf(Slices.Job(1024, Status.Done)));
        Watch(index);
        index.Tell(PoisonPill.Instance);
        ExpectTerminated(index);

        index = Start(TimeSpan.FromHours(1));
        index.Tell(new FindStaleSegments([new SegmentHead(1, 1)]));

        Assert.Empty(ExpectMsg<SegmentsStale>().Segments);
        Assert.Equal([1024], List(index));
    }

    private long[] List(IActorRef index)
    {
        index.Tell(new ListSubmissions(SliceFilter.Everything, 9));
        var answer = FishForMessage(message => message is SubmissionsListed);
        return [.. ((SubmissionsListed)answer).Rows.Select(row => row.First)];
    }

    private IActorRef Start(TimeSpan writeInterval, int maxPendingRows = 1000) =>
        Sys.ActorOf(
            IndexActor.Props(
                Path,
                "store",
                new IndexSettings { WriteInterval = writeInterval, MaxPendingRows = maxPendingRows }
            )
        );
}
