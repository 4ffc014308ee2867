using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Info;

/// <summary>Limits of <see cref="InfoCollector"/>.</summary>
/// <param name="Nodes">Nodes queried at once.</param>
/// <param name="Questions">Questions per message.</param>
/// <param name="HeldBytes">Above this size of held answers, only the node of the first incomplete
/// job is queried.</param>
public readonly record struct InfoCollectorLimits(int Nodes, int Questions, int HeldBytes);

/// <summary>
/// Collects data about jobs from their nodes. It queries nodes concurrently, each for as much as
/// one answer holds, and yields jobs in order as soon as they are complete.
/// </summary>
public sealed class InfoCollector
{
    private readonly InfoCollectorLimits _limits;
    private readonly JobDetail?[] _jobs;
    private readonly int[] _open;
    private readonly long[] _bytes;
    private readonly Dictionary<string, Queue<(int Job, AttemptQuestion Question)>> _nodes = [];
    private long _held;
    private int _next;

    /// <param name="jobs">Emptied, so that no other reference keeps a taken job alive.</param>
    public InfoCollector(IList<JobDetail> jobs, InfoNeed needs, InfoCollectorLimits limits)
    {
        _limits = limits;
        _jobs = [.. jobs];
        jobs.Clear();
        _open = new int[_jobs.Length];
        _bytes = new long[_jobs.Length];
        // Outputs come last, so that a node's first answer holds all short items.
        var asked = _jobs
            .SelectMany((job, at) => NodeQuestions.Of(job!, needs).Select(q => (at, q)))
            .OrderBy(asked => asked.q.Item);
        foreach (var (at, question) in asked)
        {
            var node = _jobs[at]!.Node;
            if (!_nodes.TryGetValue(node, out var questions))
                _nodes[node] = questions = [];
            questions.Enqueue((at, question));
            _open[at]++;
        }
    }

    public bool IsDone => _next == _jobs.Length;

    /// <summary>The next requests, one per node; the node of the first incomplete job comes
    /// first.</summary>
    public List<ReadAttempts> Next()
    {
        var first = _jobs[_next]!.Node;
        var others = _held < _limits.HeldBytes ? _nodes.Keys.Where(node => node != first) : [];
        return
        [
            .. others
                .Prepend(first)
                .Take(_limits.Nodes)
                .Select(node => new ReadAttempts
                {
                    Node = node,
                    Questions = { _nodes[node].Take(_limits.Questions).Select(q => q.Question) },
                }),
        ];
    }

    /// <summary>Adds a node's answers to the first of its questions.</summary>
    public void Answer(string node, IEnumerable<AttemptAnswer> answers)
    {
        var questions = _nodes[node];
        foreach (var answer in answers)
        {
            var (job, question) = questions.Dequeue();
            NodeQuestions.Put(_jobs[job]!, question, answer);
            var size = answer.CalculateSize();
            _bytes[job] += size;
            _held += size;
            _open[job]--;
        }
        if (questions.Count == 0)
            _nodes.Remove(node);
    }

    /// <summary>Takes the complete jobs up to the first incomplete one.</summary>
    public IEnumerable<JobDetail> TakeComplete()
    {
        while (_next < _jobs.Length && _open[_next] == 0)
        {
            var job = _jobs[_next]!;
            _jobs[_next] = null;
            _held -= _bytes[_next++];
            yield return job;
        }
    }
}
