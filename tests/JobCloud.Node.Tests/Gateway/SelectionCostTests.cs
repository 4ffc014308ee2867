using System.Collections;
using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>What each call that takes a selection of jobs costs if the selection is huge.</summary>
public sealed class SelectionCostTests : SegmentsTest, IAsyncLifetime
{
    private const int Existing = 1_500;

    private readonly SegmentClient _client;
    private readonly Selections _selections;
    private readonly Subscriptions _subscriptions;
    private readonly FollowAdmission _admission;
    private TestStore _store = null!;
    private int _segmentMessages;
    private int _lookUps;

    public SelectionCostTests()
    {
        _client = new SegmentClient(CountedRegion, Limit, atOnce: 64);
        var index = Sys.ActorOf(
            ScriptedActor.Of(_ =>
            {
                _lookUps++;
                return new SelectionResolved([new ResolvedRange(1, Existing, Exact: true)]);
            })
        );
        _selections = new Selections(index, _client, Limit);
        _subscriptions = new Subscriptions(Sys, CountedRegion, maxWaiting: 100);
        _admission = new FollowAdmission(_client, segmentsMax: 3);
    }

    public static TheoryData<string> Calls =>
        [
            "Status",
            "Await",
            "Await all",
            "Info",
            "Kill",
            "Delete",
            "Retry",
            "Prioritize",
            "Events",
            "Events follow",
            "Submit",
        ];

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        Submitted((1, 1023), (1024, Existing - 1023));
        var written = Inbox.Create(_store.System);
        var past = new JobEvent { Jid = 1, PriorityChanged = new PriorityChanged() };
        _store.Writer("segment-0", written.Receiver).Tell(new JobsChanged { Events = { past } });
        while (await written.ReceiveAsync(Limit) is not JournalWriter.Wrote)
            continue;
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public void Every_call_that_takes_a_selection_is_in_the_table()
    {
        var taking =
            from call in CloudCalls.All
            let request = (IMessage)
                Activator.CreateInstance(call.GetType().GetGenericArguments()[0])!
            where request.Descriptor.Fields.InDeclarationOrder().Any(IsSelection)
            select call.Name;
        Assert.Equal(
            taking.Order(),
            ((IEnumerable)Calls)
                .Cast<object[]>()
                .Select(row => ((string)row[0]).Split(' ')[0])
                .Distinct()
                .Order()
        );
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_range_beyond_the_existing_jobs_is_refused_after_a_few_messages(string call)
    {
        var refusal = await RefusalAsync(call, Jobs((1, 1_000_000_000)));
        Assert.Equal((RefusalCode.UnknownJob, (long)Existing + 1), (refusal!.Code, refusal.Jid));
        Assert.InRange(_segmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Scattered_jids_beyond_the_existing_jobs_are_refused_after_a_few_messages(
        string call
    )
    {
        var odd = Enumerable.Range(0, 10_000).Select(i => (2L * i + 1, 2L * i + 1));
        var refusal = await RefusalAsync(call, Jobs([.. odd]));
        Assert.Equal(RefusalCode.UnknownJob, refusal!.Code);
        Assert.InRange(_segmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_repeated_range_costs_as_much_as_one(string call)
    {
        var jobs = Jobs([.. Enumerable.Repeat((1L, 1_000_000_000L), 50_000)]);
        Assert.Equal(RefusalCode.UnknownJob, (await RefusalAsync(call, jobs))!.Code);
        Assert.InRange(_segmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Too_many_items_and_invalid_ranges_are_refused_without_a_message(string call)
    {
        var labels = Enumerable
            .Range(0, SelectionCheck.MaxLookUps + 1)
            .Select(i => new SelectionItem { Label = $"label{i}" });
        var many = Enumerable.Repeat((1L, 1L), SelectionCheck.MaxItems + 1);
        Selection[] selections =
        [
            new(),
            new() { Items = { labels } },
            Jobs([.. many]),
            Jobs((5, 3)),
            Jobs((0, 3)),
            Jobs((-5, -3)),
            Jobs((long.MinValue, long.MaxValue)),
        ];
        foreach (
            var selection in selections.Skip(
                call is "Submit" or "Events" or "Events follow" ? 1 : 0
            )
        )
            Assert.Equal(RefusalCode.Usage, (await RefusalAsync(call, selection))!.Code);
        Assert.Equal((0, 0), (_segmentMessages, _lookUps));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_repeated_word_is_looked_up_once(string call)
    {
        var all = new SelectionItem { Word = SelectionWord.All };
        var selection = new Selection { Items = { Enumerable.Repeat(all, 50_000) } };
        var refusal = await RefusalAsync(call, selection);
        Assert.True(refusal is null or { Code: RefusalCode.UnfinishedJob }, refusal?.Message);
        Assert.Equal(1, _lookUps);
        Assert.InRange(_segmentMessages, 1, 10);
    }

    [Theory]
    [InlineData("Await")]
    [InlineData("Events follow")]
    [InlineData("Submit")]
    public async Task A_request_follows_a_limited_number_of_segments(string call)
    {
        Submitted((2048, 1024), (3072, 1024), (4096, 1024));
        var ranges = new[] { (1L, 1L), (1024L, 1024L), (2048L, 2048L), (3072L, 3072L) };
        var refusal = await RefusalAsync(call, Jobs(ranges));
        Assert.Equal(RefusalCode.TooLarge, refusal!.Code);
        Assert.Contains("at most 3 segments", refusal.Message);
    }

    [Fact]
    public async Task All_requests_of_a_user_follow_a_limited_number_of_segments()
    {
        var jobs = JidRanges.Normalize([JidRanges.Range(1, Existing)]);
        var places = new List<IDisposable>();
        for (var i = 0; i < 6; i++)
            places.Add((await _admission.AdmitAsync(jobs, Ann)).Reply!);
        var refusal = (await _admission.AdmitAsync(jobs, Ann)).Refusal!;
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        places.ForEach(place => place.Dispose());
        Assert.True((await _admission.AdmitAsync(jobs, Ann)).IsGranted);
    }

    private static bool IsSelection(Google.Protobuf.Reflection.FieldDescriptor field) =>
        field.FieldType == Google.Protobuf.Reflection.FieldType.Message
        && field.MessageType == Selection.Descriptor;

    private IActorRef CountedRegion()
    {
        Interlocked.Increment(ref _segmentMessages);
        return Region;
    }

    /// <summary>Makes a call and takes its first reply. Returns its refusal, if any.</summary>
    private async Task<Refusal?> RefusalAsync(string call, Selection jobs)
    {
        using var ended = new CancellationTokenSource(Limit);
        try
        {
            return await AnswerAsync(call, jobs, ended.Token);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task<Refusal?> AnswerAsync(string call, Selection jobs, CancellationToken cancel)
    {
        var changes = new ChangeHandler(_selections, _client);
        Task<Outcome<ChangeReply>> Change(Change change) =>
            changes.ChangeAsync(jobs, new ChangeJobs { Change = change }, Ann, cancel);
        return call switch
        {
            "Status" => (
                await new StatusHandler(_selections, _client, Maps(), Memory, 1 << 20).StatusAsync(
                    new() { Jobs = jobs },
                    Ann,
                    cancel
                )
            ).Refusal,
            "Await" => await FirstAsync(
                Awaits().AwaitAsync(new() { Jobs = jobs, Mode = AwaitMode.FirstBad }, Ann, cancel)
            ),
            "Await all" => await FirstAsync(
                Awaits().AwaitAsync(new() { Jobs = jobs }, Ann, cancel)
            ),
            "Info" => await FirstAsync(Infos().InfoAsync(new() { Jobs = jobs }, Ann, cancel)),
            "Kill" => (await Change(Protocol.Nodes.Change.Kill)).Refusal,
            "Delete" => (await Change(Protocol.Nodes.Change.Delete)).Refusal,
            "Retry" => (await Change(Protocol.Nodes.Change.Retry)).Refusal,
            "Prioritize" => (await Change(Protocol.Nodes.Change.Priority)).Refusal,
            "Events" => await FirstAsync(
                Histories().EventsAsync(new() { Jobs = jobs }, Ann, cancel)
            ),
            "Events follow" => await FirstAsync(
                Histories().EventsAsync(new() { Jobs = jobs, Follow = true }, Ann, cancel)
            ),
            "Submit" => (await SubmitAsync(jobs, cancel)).Refusal,
            _ => throw new ArgumentOutOfRangeException(nameof(call)),
        };
    }

    /// <summary>The refusal that a stream starts with; null if it starts with a reply.</summary>
    private static async Task<Refusal?> FirstAsync<T>(IAsyncEnumerable<Outcome<T>> replies)
        where T : class
    {
        await using var all = replies.GetAsyncEnumerator();
        return await all.MoveNextAsync() ? all.Current.Refusal : null;
    }

    private static MapSlices Maps() => new(ActorRefs.Nobody, Limit);

    private AwaitHandler Awaits() =>
        new(
            _selections,
            _client,
            _subscriptions,
            new PortWaiter(_client, _subscriptions, new PortClient(Agents, Limit, Limit), Limit),
            new ExplainHandler(_client, ActorRefs.Nobody, Limit),
            Clock,
            TimeSpan.FromMinutes(1),
            TimeSpan.Zero,
            _admission
        );

    private InfoHandler Infos() =>
        new(
            _selections,
            _client,
            new AttemptDetailClient(ActorRefs.Nobody, null, Limit),
            new(_store.Store),
            new ExplainHandler(
                _client,
                Sys.ActorOf(ScriptedActor.Of(_ => new ExplainReply())),
                Limit
            ),
            Clock,
            Memory,
            100
        );

    private EventsHandler Histories() =>
        new(_selections, _client, _subscriptions, new(_store.Store), 100, _admission, Memory);

    private Task<Outcome<SubmitReply>> SubmitAsync(Selection jobs, CancellationToken cancel) =>
        new SubmitHandler(
            _selections,
            _client,
            Sys.ActorOf(ScriptedActor.Of(_ => new JobsSubmitted(7, 7, null))),
            new EnvironmentResolver(
                new DefinitionsHandler(ActorRefs.Nobody, [], Limit),
                new NodesHandler(ActorRefs.Nobody, Limit),
                null
            ),
            new CapacityChecker(
                new Resources { Cores = 1, MemoryBytes = 1L << 30 },
                new NodesHandler(ActorRefs.Nobody, Limit).NodesAsync
            ),
            new SubmissionLimits(CoreTypes.Presets),
            Limit,
            dependencySegmentsMax: 3
        )
        {
            OwnDirectories = "/home/attempts",
        }.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec { Command = "true", Cores = 1 },
                Dependencies = jobs,
            },
            Ann,
            cancel
        );
}
