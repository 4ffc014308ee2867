using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>All calls that take a selection of jobs, with real segments and a scripted
/// index.</summary>
public abstract class SelectionCallsTest : SegmentsTest, IAsyncLifetime
{
    protected const int Existing = 1_500;

    private readonly SegmentClient _client;
    private readonly Selections _selections;
    private readonly Subscriptions _subscriptions;
    private TestStore _store = null!;
    private int _segmentMessages;

    protected SelectionCallsTest()
    {
        _client = new SegmentClient(CountedRegion, Limit, atOnce: 64);
        var index = Sys.ActorOf(
            ScriptedActor.Of(asked =>
            {
                if (asked is FindMapSlices)
                    return new MapSlicesFound([]);
                LookUps++;
                return new SelectionResolved([new ResolvedRange(1, Existing, Exact: true)]);
            })
        );
        _selections = new Selections(index, _client, Limit);
        _subscriptions = new Subscriptions(Sys, CountedRegion, maxWaiting: 100);
        CallAdmission = new FollowAdmission(_client, segmentsMax: 3);
    }

    private protected FollowAdmission CallAdmission { get; }

    /// <summary>Messages to segments so far.</summary>
    protected int SegmentMessages => _segmentMessages;

    /// <summary>Selections that the index has looked up so far.</summary>
    protected int LookUps { get; private set; }

    public static TheoryData<string> Calls => [.. AllCalls];

    protected static IReadOnlyList<string> AllCalls { get; } =
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

    private IActorRef CountedRegion()
    {
        Interlocked.Increment(ref _segmentMessages);
        return Region;
    }

    /// <summary>Makes a call and takes its first reply. Returns its refusal, if any.</summary>
    protected async Task<Refusal?> RefusalAsync(string call, Selection jobs)
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
            CallAdmission
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
        new(_selections, _client, _subscriptions, new(_store.Store), 100, CallAdmission, Memory);

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
            Keep = static (bytes, _, _) => Task.FromResult(BlobRules.RefOf(bytes.Span)),
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
