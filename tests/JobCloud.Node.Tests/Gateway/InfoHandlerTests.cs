using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class InfoHandlerTests : SegmentsTest, IAsyncLifetime
{
    private TestStore store = null!;
    private Func<ReadOutput, OutputRead> output = _ => new OutputRead { Missing = true };
    private readonly List<ReadUsage> usageAsked = [];

    public async Task InitializeAsync() => store = await TestStore.OpenAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_finished_job_shows_the_end_of_what_it_wrote()
    {
        End(1, stdout: 5, stderr: 4);
        output = q => Whole(q.Stream == OutputStream.Stderr ? "err\n" : "out\n");
        var job = await OneAsync(1, "stdout", "stderr");
        Assert.Equal(("out\n", "err\n"), (job.Stdout, job.Stderr));
        Assert.Empty(job.Absent);
    }

    [Fact]
    public async Task A_stream_that_nothing_was_written_to_is_not_asked_for()
    {
        End(1, stdout: 0, stderr: 0);
        output = _ => throw new InvalidOperationException("was asked");
        var job = await OneAsync(1, "stdout", "stderr");
        Assert.Equal(("", ""), (job.Stdout, job.Stderr));
        Assert.Empty(job.Absent);
    }

    [Fact]
    public async Task What_is_not_kept_is_absent_with_a_word_why()
    {
        End(1, stdout: 5, stderr: 0);
        var absent = Assert.Single((await OneAsync(1, "stdout", "stderr")).Absent);
        Assert.Equal("stdout", absent.Item);
        Assert.Contains("not kept any more on node n1", absent.Why);
    }

    [Fact]
    public async Task What_was_dropped_of_a_stream_is_said()
    {
        End(1, stdout: 9, stderr: 0);
        output = _ => new OutputRead
        {
            Data = ByteString.CopyFromUtf8("end"),
            Offset = 6,
            Size = 9,
            Dropped = 6,
            Ended = true,
        };
        var job = await OneAsync(1, "stdout");
        Assert.Equal("end", job.Stdout);
        Assert.Contains("first 6 bytes were dropped", Assert.Single(job.Partial).Why);
    }

    [Fact]
    public async Task Only_a_processing_job_is_asked_what_it_uses_now()
    {
        End(1, stdout: 0, stderr: 0);
        Begin(2);
        var jobs = await AllAsync(Jobs((1, 2)), "memory.usage");
        var asked = Assert.Single(usageAsked);
        Assert.Equal(("n1", 2), (asked.Node, Assert.Single(asked.Attempts).Jid));
        Assert.Equal(77, jobs[1].Usage.MemoryBytes);
    }

    [Fact]
    public async Task Its_own_messages_come_from_the_journal()
    {
        Ask(Submit(1));
        var inbox = Inbox.Create(store.System);
        var writer = store.Writer("segment-0", inbox.Receiver);
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
    public async Task An_unknown_job_is_refused_before_any_other_is_shown()
    {
        Submitted((1, 1));
        var refusal = await RefusedAsync(Jobs((1, 1), (1024, 1024)), "status");
        Assert.Equal((RefusalCode.UnknownJob, 1024), (refusal.Code, refusal.Jid));
    }

    [Fact]
    public async Task The_job_of_another_user_is_refused()
    {
        Ask(Submit(1, owner: "bob"));
        Assert.Equal(RefusalCode.NotAllowed, (await RefusedAsync(Jobs((1, 1)), "status")).Code);
    }

    private void End(long jid, long stdout, long stderr)
    {
        Begin(jid);
        var ended = Ended(jid);
        (ended.Ended.Exit.StdoutBytes, ended.Ended.Exit.StderrBytes) = (stdout, stderr);
        Tell(Report(ended));
        Ask(Read(jid));
    }

    private static OutputRead Whole(string text) =>
        new()
        {
            Data = ByteString.CopyFromUtf8(text),
            Size = text.Length,
            Ended = true,
        };

    private async Task<JobDetail> OneAsync(long jid, params string[] items) =>
        Assert.Single(await AllAsync(Jobs((jid, jid)), items));

    private async Task<List<JobDetail>> AllAsync(Selection jobs, params string[] items)
    {
        var told = new List<JobDetail>();
        await foreach (var job in Info(jobs, items))
            told.Add(job.Reply!);
        return told;
    }

    private async Task<Refusal> RefusedAsync(Selection jobs, params string[] items)
    {
        var told = new List<Outcome<JobDetail>>();
        await foreach (var job in Info(jobs, items))
            told.Add(job);
        return Assert.Single(told).Refusal!;
    }

    private IAsyncEnumerable<Outcome<JobDetail>> Info(Selection jobs, string[] items)
    {
        var agents = Sys.ActorOf(ScriptedActor.Of(Answer));
        var outputs = new OutputHandler(Client, Subscriptions, new(agents, null, 100, Limit));
        var handler = new InfoHandler(
            Selections,
            Client,
            outputs,
            new UsageReader(agents, Limit),
            new PortReader(agents, Limit, Limit, 100),
            new TerminalReader(agents, Limit),
            new JournalReader(store.Store),
            new ExplainHandler(Client, agents, Limit),
            TimeProvider.System,
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
        if (question is ReadOutput read)
            return output(read);
        if (question is ExplainQueued)
            return new ExplainReply();
        if (question is ReadPorts)
            return new PortsRead();
        var asked = (ReadUsage)question;
        usageAsked.Add(asked);
        return new UsageRead
        {
            Usages =
            {
                asked.Attempts.Select(key => new AttemptUsage
                {
                    Jid = key.Jid,
                    Attempt = key.Attempt,
                    Usage = new Usage { MemoryBytes = 77 },
                }),
            },
        };
    }
}
