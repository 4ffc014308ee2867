using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model.Detail;

namespace JobCloud.Tui.FullScreen.Screens.Detail;

/// <summary>Keeps the details of one job up to date with as few requests as possible.</summary>
internal sealed class JobDetailLoader : IDisposable
{
    /// <summary>The number of newest events kept.</summary>
    private const int MaxEvents = 2_000;

    private readonly MainWindow _window;
    private readonly Jid _jid;
    private readonly DependencyLoader _dependencies;
    private readonly CancellationTokenSource _life = new();
    private readonly List<JobEvent> _events = [];
    private ExplainReply? _explained;
    private JobDetail? _job;
    private string _error = "";
    private TimeSpan _askedAt = -DetailRefresh.Pause;
    private bool _asking;
    private bool _stale = true;
    private bool _changed;

    public JobDetailLoader(MainWindow window, Jid jid)
    {
        (_window, _jid) = (window, jid);
        _dependencies = new DependencyLoader(window, _life.Token);
    }

    /// <summary>The known details; null: none yet.</summary>
    public KnownJob? Known =>
        _window.Past is { } past ? KnownAt(past.At)
        : _job is { } job ? new KnownJob(job, _events, _dependencies.Relatives, _explained)
        : null;

    private (JobDetail? Job, long At, int Events, KnownJob? Known) _past;

    // What it waited for and which jobs it depended on is not kept.
    private KnownJob? KnownAt(long at)
    {
        if (_past.Job == _job && _past.At == at && _past.Events == _events.Count)
            return _past.Known;
        var events = _events.TakeWhile(e => e.At <= at).ToList();
        var known =
            _job is { } job && PastJobs.At(job, at) is { } past
                ? new KnownJob(past, events, Relatives.None, Unexplained(past))
                : null;
        _past = (_job, at, _events.Count, known);
        return known;
    }

    private static ExplainReply Unexplained(JobDetail past) =>
        new()
        {
            Jid = past.Jid,
            Status = past.Status,
            Summary = "the reason is not kept for past times.",
        };

    /// <summary>The reason why nothing is known; empty: the request is pending.</summary>
    public string Error =>
        _error.Length == 0 && _window.Past is not null && _job is not null
            ? $"Job {_jid} had not been submitted yet."
            : _error;

    public JobDetailLoader Begin()
    {
        _ = ListenAsync();
        return this;
    }

    /// <summary>Sends the request that is due, if any; returns whether something changed.</summary>
    /// <param name="withDependencies">Whether those are shown.</param>
    public bool Tick(bool withDependencies)
    {
        var due = DetailRefresh.Due(_job, _stale, _window.Elapsed - _askedAt);
        if (!_asking && due != RefreshScope.Nothing)
            Ask(due);
        if (withDependencies && _job is { } job)
            _changed |= _dependencies.Tick(job);
        var changed = _changed;
        _changed = false;
        return changed;
    }

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private void Ask(RefreshScope what)
    {
        var items =
            what == RefreshScope.Everything ? DetailRefresh.AllItems : DetailRefresh.LiveItems;
        (_asking, _stale, _askedAt) = (true, false, _window.Elapsed);
        Ask(
            CloudCalls.Info.With(new() { Jobs = Selection(_jid), Items = { items } }),
            answer =>
            {
                _asking = false;
                if (answer.Message is { } job)
                    Take(job, what);
                else
                    _error = answer.Refusal!.Message;
            }
        );
        if (what == RefreshScope.Everything)
            Ask(
                CloudCalls.Explain.With(new() { Jid = _jid }),
                answer => _explained = answer.Message ?? _explained
            );
    }

    private void Take(JobDetail job, RefreshScope what)
    {
        _error = "";
        _job =
            what == RefreshScope.Usage && _job is { } known ? DetailRefresh.Merge(known, job) : job;
    }

    private void Ask<T>(CallRequest<T> request, Action<CallResult<T>> then)
        where T : class, IMessage<T> => _ = AskAsync(request, then);

    private async Task AskAsync<T>(CallRequest<T> request, Action<CallResult<T>> then)
        where T : class, IMessage<T>
    {
        try
        {
            var answer = await _window.Cloud.AskAsync(request, _life.Token).ConfigureAwait(false);
            _window.Post(() =>
            {
                _changed = true;
                then(answer);
            });
        }
        catch (OperationCanceledException) { }
    }

    // Each event of the job triggers a request for everything.
    private async Task ListenAsync()
    {
        var request = CloudCalls.Events.With(new() { Jobs = Selection(_jid), Follow = true });
        try
        {
            var answers = _window.Cloud.StreamAsync(request, _life.Token).ConfigureAwait(false);
            await foreach (var (message, _) in answers)
                if (message is not null)
                    _window.Post(() => Take(message));
        }
        catch (OperationCanceledException) { }
    }

    private void Take(EventsReply reply)
    {
        _events.AddRange(reply.Events);
        _events.RemoveRange(0, Math.Max(0, _events.Count - MaxEvents));
        (_stale, _changed) = (true, true);
    }

    private static Selection Selection(Jid jid) =>
        new() { Items = { new SelectionItem { Range = JidRanges.Range(jid, jid) } } };
}
