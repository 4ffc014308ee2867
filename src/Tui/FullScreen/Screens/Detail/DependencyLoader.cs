using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model.Detail;

namespace JobCloud.Tui.FullScreen.Screens.Detail;

/// <summary>Loads the jobs that a job depends on and that need it, one after the other, and keeps
/// their statuses up to date while they are shown.</summary>
internal sealed class DependencyLoader(MainWindow window, CancellationToken life)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, JobDetail> _jobs = [];
    private IReadOnlyList<StatusRun> _statuses = [];
    private TimeSpan _next;
    private bool _asking;
    private bool _changed;

    public Relatives Relatives { get; private set; } = Relatives.None;

    /// <summary>Sends the request that is due; returns whether something changed.</summary>
    public bool Tick(JobDetail job)
    {
        if (!_asking)
        {
            var tree = DependencyTree.Of(job, Relatives);
            if (tree.Missing is { } jid)
                _ = AskAsync(jid);
            else if (tree.Shown.Count > 0 && window.Elapsed >= _next)
                _ = AskAsync(tree.Shown);
        }
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private Task AskAsync(long jid)
    {
        var request = new InfoRequest { Jobs = Selection([JidRanges.Range(jid, jid)]) };
        request.Items.Add("status");
        return AskAsync(
            CloudCalls.Info.With(request),
            // A deleted job is a leaf.
            answer => _jobs[jid] = answer.Message ?? new JobDetail { Jid = jid }
        );
    }

    private Task AskAsync(IEnumerable<JidRange> jobs) =>
        AskAsync(
            CloudCalls.Status.With(new() { Jobs = Selection(JidRanges.Normalize(jobs)) }),
            answer =>
            {
                _statuses = answer.Message?.Runs ?? _statuses;
                _next = window.Elapsed + Pause;
            }
        );

    private async Task AskAsync<T>(CallRequest<T> request, Action<CallResult<T>> then)
        where T : class, Google.Protobuf.IMessage<T>
    {
        _asking = true;
        try
        {
            var answer = await window.Cloud.AskAsync(request, life).ConfigureAwait(false);
            window.Post(() =>
            {
                then(answer);
                (_asking, _changed) = (false, true);
                Relatives = new Relatives(_jobs, _statuses);
            });
        }
        catch (OperationCanceledException) { }
    }

    private static Selection Selection(IEnumerable<JidRange> ranges) =>
        new() { Items = { ranges.Select(range => new SelectionItem { Range = range }) } };
}
