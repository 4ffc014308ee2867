using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>Looks at all processes of all jobs in one pass, on a thread of its own: soon after a
/// start, then at intervals, and when somebody asks.</summary>
internal sealed class UsageWatch : IDisposable
{
    /// <summary>Between looks until an agent says otherwise, ms.</summary>
    private const long FirstIntervalMs = 1_000;

    private readonly EventLoop _loop;
    private readonly AttemptRunner _runner;
    private readonly ExecutorLimits _limits;
    private readonly Action<Usages> _answer;
    private readonly Action<Attempt, long> _dropped;
    private readonly AutoResetEvent _wanted = new(false);
    private readonly Queue<(Attempt Attempt, long At)> _young = new();
    private readonly List<ReadUsages> _questions = [];
    private readonly Dictionary<Attempt, Sums> _sums = [];
    private readonly int _self = Libc.getpid();
    private bool _ticking;
    private bool _looking;
    private long _earliest;
    private long _lastLook;
    private long _intervalMs;

    /// <param name="dropped">Told when output of an attempt was dropped: how many bytes.</param>
    public UsageWatch(
        EventLoop loop,
        AttemptRunner runner,
        ExecutorLimits limits,
        Action<Usages> answer,
        Action<Attempt, long> dropped
    )
    {
        (_loop, _runner, _limits) = (loop, runner, limits);
        (_answer, _dropped, _intervalMs) = (answer, dropped, FirstIntervalMs);
    }

    public void Start()
    {
        _runner.OwnPeakMemory = MemoryFiles.PeakOfSelf();
        new Thread(Run) { IsBackground = true, Name = "usages" }.Start();
    }

    public void Follow(Hello hello)
    {
        if (hello.SampleIntervalMs > 0)
            _intervalMs = hello.SampleIntervalMs;
    }

    /// <summary>A new process should be looked at soon.</summary>
    public void Started(Attempt attempt)
    {
        var at = Clock.NowMs() + _limits.FirstSampleMs;
        _young.Enqueue((attempt, at));
        if (_ticking)
            return;
        _ticking = true;
        _loop.At(at, Tick);
    }

    public void Read(ReadUsages question)
    {
        _questions.Add(question);
        Look();
    }

    public void Dispose() => _wanted.Dispose();

    /// <summary>Looks when it is time, and comes back when it may be time again.</summary>
    private void Tick()
    {
        var now = Clock.NowMs();
        var due = now - _lastLook >= _intervalMs && _runner.Book.Living.Count > 0;
        while (_young.TryPeek(out var young) && young.At <= now)
        {
            due |= young.Attempt.MayLive;
            _young.Dequeue();
        }
        if (due && now >= _earliest)
            Look();
        _ticking = _young.Count > 0 || _runner.Book.Living.Count > 0;
        if (_ticking)
            _loop.At(now + Math.Min(_limits.FirstSampleMs, _intervalMs), Tick);
    }

    private void Look()
    {
        if (_looking)
            return;
        (_looking, _lastLook) = (true, Clock.NowMs());
        _wanted.Set();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.WaitOne();
            var watch = Stopwatch.GetTimestamp();
            var snapshot = ProcessSnapshot.Take();
            var swap = MemoryFiles.IsSwapInUse()
                ? snapshot
                    .All.Keys.Where(pid => snapshot.ChildAbove(pid, _self) != 0)
                    .ToDictionary(pid => pid, MemoryFiles.SwapOf)
                : [];
            var peak = MemoryFiles.PeakOfSelf();
            var took = (long)Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
            _loop.Post(() => Seen(snapshot, swap, peak, took));
        }
    }

    private void Seen(ProcessSnapshot snapshot, Dictionary<int, long> swap, long peak, long took)
    {
        (_looking, _earliest) = (false, Clock.NowMs() + took * _limits.SampleShare);
        _runner.OwnPeakMemory = peak;
        _runner.LookForOrphans();
        _sums.Clear();
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, _self);
            if (child == 0 || stat.IsZombie || _runner.OwnerOfChild(child) is not { } owner)
                continue;
            var sum = _sums.GetValueOrDefault(owner);
            _sums[owner] = new(
                sum.UserTicks + stat.UserTicks,
                sum.SystemTicks + stat.SystemTicks,
                sum.Pages + stat.ResidentPages,
                sum.Swap + swap.GetValueOrDefault(pid)
            );
        }
        foreach (var (attempt, sum) in _sums)
            attempt.Usage.Seen(
                Ticks.Microseconds(sum.UserTicks),
                Ticks.Microseconds(sum.SystemTicks),
                sum.Pages * Environment.SystemPageSize,
                sum.Swap
            );
        KeepOutputs();
        Answer();
    }

    private void KeepOutputs()
    {
        if (_runner.OutputLimitBytes <= 0)
            return;
        foreach (var attempt in _runner.Book.Living)
        {
            if (OutputStream.KeepWithin(attempt, _runner.OutputLimitBytes) is var bytes and > 0)
                _dropped(attempt, bytes);
        }
    }

    /// <summary>Answers all questions; the directories are measured on another thread.</summary>
    private void Answer()
    {
        foreach (var question in _questions)
        {
            var jids = question.Jids.ToHashSet();
            var answer = new Usages { Request = question.Request };
            var directories = new List<string>();
            foreach (var attempt in _runner.Book.Living.Where(a => jids.Contains(a.Id.Jid)))
            {
                directories.Add(attempt.WorkingDirectory);
                answer.Processes.Add(
                    new ProcessUsage
                    {
                        Jid = attempt.Id.Jid,
                        Attempt = attempt.Id.Number,
                        Usage = attempt.Usage.Now(),
                    }
                );
            }
            ThreadPool.UnsafeQueueUserWorkItem(_ => Measure(answer, directories), null);
        }
        _questions.Clear();
    }

    private void Measure(Usages answer, List<string> directories)
    {
        for (var i = 0; i < directories.Count; i++)
            answer.Processes[i].Usage.DiskBytes = DirectorySize.Of(
                directories[i],
                _limits.DirectoryEntriesMax
            );
        _loop.Post(() => _answer(answer));
    }

    private readonly record struct Sums(long UserTicks, long SystemTicks, long Pages, long Swap);
}
