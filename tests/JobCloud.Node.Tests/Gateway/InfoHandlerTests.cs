using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Outputs.Storage;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class InfoHandlerTests : SegmentsTest, IAsyncLifetime
{
    private TestStore _store = null!;
    private Func<AttemptQuestion, OutputEnd?> _output = _ => null;
    private readonly List<ReadAttempts> _asked = [];
    private int _visits;
    private bool _isUnreachable;
    private OutputStore? _stored;

    public async Task InitializeAsync() => _store = await TestStore.OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_finished_job_shows_the_end_of_its_output()
    {
        End(1, stdout: 5, stderr: 4);
        _output = q => Whole(q.Stream == OutputStream.Stderr ? "err\n" : "out\n");
        var job = await OneAsync(1, "stdout", "stderr");
        Assert.Equal(("out\n", "err\n"), (job.Stdout, job.Stderr));
        Assert.Empty(job.Absent);
    }

    [Fact]
    public async Task An_empty_stream_is_not_requested()
    {
        End(1, stdout: 0, stderr: 0);
        _output = _ => throw new InvalidOperationException("was asked");
        var job = await OneAsync(1, "stdout", "stderr");
        Assert.Equal(("", ""), (job.Stdout, job.Stderr));
        Assert.Empty(job.Absent);
    }

    [Fact]
    public async Task Output_that_is_not_kept_is_absent_with_a_reason()
    {
        End(1, stdout: 5, stderr: 0);
        var absent = Assert.Single((await OneAsync(1, "stdout", "stderr")).Absent);
        Assert.Equal("stdout", absent.Item);
        Assert.Contains("no longer kept on node n1", absent.Why);
    }

    [Fact]
    public async Task A_stream_with_dropped_bytes_is_marked_as_partial()
    {
        End(1, stdout: 9, stderr: 0);
        _output = _ => new OutputEnd { Data = ByteString.CopyFromUtf8("end"), Dropped = 6 };
        var job = await OneAsync(1, "stdout");
        Assert.Equal("end", job.Stdout);
        Assert.Contains("first 6 bytes were dropped", Assert.Single(job.Partial).Why);
    }

    [Fact]
    public async Task Current_usage_is_requested_only_for_processing_jobs()
    {
        End(1, stdout: 0, stderr: 0);
        Begin(2);
        var jobs = await AllAsync(Jobs((1, 2)), "memory.usage");
        var read = Assert.Single(_asked);
        Assert.Equal(("n1", 2), (read.Node, Assert.Single(read.Questions).Jid));
        Assert.Equal(77, jobs[1].Usage.MemoryBytes);
    }

    [Fact]
    public async Task A_map_of_a_thousand_jobs_needs_one_segment_read_and_one_question()
    {
        Submitted((1, 1000));
        Tell(Assign(1, 1000));
        for (var jid = 1; jid <= 1000; jid++)
            Tell(Report(Wrote(jid, stdout: 5, stderr: 0)));
        Settle();
        _output = q => Whole($"out of {q.Jid}");

        var jobs = await AllAsync(Jobs((1, 1000)), "stdout");

        Assert.Equal(
            Enumerable.Range(1, 1000).Select(jid => $"out of {jid}"),
            jobs.Select(job => job.Stdout)
        );
        Assert.Equal((1, 1), (_visits, _asked.Count));
    }

    [Fact]
    public async Task An_unreachable_node_is_asked_once_and_its_items_are_absent()
    {
        End(1, stdout: 5, stderr: 5);
        Begin(2);
        _isUnreachable = true;
        var jobs = await AllAsync(Jobs((1, 2)), "stdout", "stderr", "terminals");
        Assert.Equal(["stdout", "stderr"], jobs[0].Absent.Select(absence => absence.Item));
        Assert.Contains(
            jobs[1].Absent,
            a => a is { Item: "terminals", Why: "node n1 is unreachable" }
        );
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Output_that_a_node_does_not_keep_comes_from_the_store()
    {
        using var stores = new OutputStores();
        _stored = await stores.OpenAsync(StoreProvider.Sqlite);
        await _stored.WriteAsync(
            [new(new(1, 1), OutputStream.Stdout, 6, 9, 5, "end"u8.ToArray())],
            default
        );
        End(1, stdout: 9, stderr: 4);
        var job = await OneAsync(1, "stdout", "stderr");
        Assert.Equal(("end", ""), (job.Stdout, job.Stderr));
        Assert.Empty(job.Absent);
    }

    [Fact]
    public async Task The_pilog_of_a_job_comes_from_the_journal()
    {
        Ask(Submit(1));
        var inbox = Inbox.Create(_store.System);
        var writer = _store.Writer("segment-0", inbox.Receiver);
        var submitted = Submit(1).Submit.Submitted;
        writer.Tell(
            new JobsChanged
            {
                Events =
                {
                    new JobEvent { Jid = 1, Submitted = submitted },
                    new JobEvent
                    {
                        Jid = 2,
                        By = "bob",
                        Submitted = submitted,
                    },
                },
            }
        );
        while (await inbox.ReceiveAsync(Limit) is not JournalWriter.Wrote)
            continue;
        var pilog = (await OneAsync(1, "pilog")).Pilog;
        Assert.Contains("submitted", pilog);
        Assert.DoesNotContain("bob", pilog);
    }

    [Fact]
    public async Task An_unknown_item_is_refused_with_a_hint() =>
        Assert.Contains("'stdot'", (await RefusedAsync(Jobs((1, 1)), "stdot")).Message);

    [Fact]
    public async Task An_unknown_job_is_refused_before_any_other_is_sent()
    {
        Submitted((1, 1));
        var refusal = await RefusedAsync(Jobs((1, 1), (1024, 1024)), "status");
        Assert.Equal((RefusalCode.UnknownJob, 1024), (refusal.Code, refusal.Jid));
    }

    [Fact]
    public async Task Another_users_job_is_refused()
    {
        Ask(Submit(1, owner: "bob"));
        Assert.Equal(RefusalCode.NotAllowed, (await RefusedAsync(Jobs((1, 1)), "status")).Code);
    }

    private void End(long jid, long stdout, long stderr)
    {
        Begin(jid);
        Tell(Report(Wrote(jid, stdout, stderr)));
        Ask(Read(jid));
    }

    private static AttemptReport Wrote(long jid, long stdout, long stderr)
    {
        var ended = Ended(jid);
        (ended.Ended.Exit.StdoutBytes, ended.Ended.Exit.StderrBytes) = (stdout, stderr);
        return ended;
    }

    private static OutputEnd Whole(string text) => new() { Data = ByteString.CopyFromUtf8(text) };

    private async Task<JobDetail> OneAsync(long jid, params string[] items) =>
        Assert.Single(await AllAsync(Jobs((jid, jid)), items));

    private async Task<List<JobDetail>> AllAsync(Selection jobs, params string[] items)
    {
        var replies = new List<JobDetail>();
        await foreach (var job in Info(jobs, items))
            replies.Add(job.Reply!);
        return replies;
    }

    private async Task<Refusal> RefusedAsync(Selection jobs, params string[] items)
    {
        var replies = new List<Outcome<JobDetail>>();
        await foreach (var job in Info(jobs, items))
            replies.Add(job);
        return Assert.Single(replies).Refusal!;
    }

    private IAsyncEnumerable<Outcome<JobDetail>> Info(Selection jobs, string[] items)
    {
        var agents = Sys.ActorOf(ScriptedActor.Of(Answer));
        var segments = new SegmentClient(() => (++_visits, Region).Region, Limit, atOnce: 2);
        var handler = new InfoHandler(
            Selections,
            segments,
            new AttemptDetailClient(agents, _stored, Limit),
            new JournalReader(_store.Store),
            new ExplainHandler(segments, agents, Limit),
            TimeProvider.System,
            Memory,
            100
        );
        return handler.InfoAsync(
            new InfoRequest { Jobs = jobs, Items = { items } },
            Ann,
            CancellationToken.None
        );
    }

    private object? Answer(object question)
    {
        if (question is ExplainQueued)
            return new ExplainReply();
        var read = (ReadAttempts)question;
        _asked.Add(read);
        return _isUnreachable
            ? new AttemptsRead()
            : new AttemptsRead { Answers = { read.Questions.Select(AnswerTo) } };
    }

    private AttemptAnswer AnswerTo(AttemptQuestion question) =>
        question.Item switch
        {
            AttemptItem.Usage => new() { Usage = new Usage { MemoryBytes = 77 } },
            AttemptItem.Output => new() { Output = _output(question) },
            _ => new(),
        };
}
