using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>Looks at all jobs in one pass, on a thread of its own: soon after a start, then at
/// intervals, and when somebody asks. A job in a cgroup costs a few reads; if there is one without, all
/// processes of the machine are looked at.</summary>
internal sealed class UsageWatch
{
    /// <summary>Between looks until an agent says otherwise, ms.</summary>
    private const long FirstIntervalMs = 1_000;

    /// <summary>Looks take at most one part in so many of a core; on a machine with very many processes
    /// they get rarer.</summary>
    private const int SampleShare = 20;

    /// <summary>Of one attempt; when there are so many, every second one is dropped.</summary>
    private const int TimelineSamplesMax = 240;

    /// <summary>A working directory with more entries is left out of these samples.</summary>
    private const int TimelineEntriesMax = 1_000;

    private readonly EventLoop _loop;
    private readonly AttemptRunner _runner;
    private readonly JobCgroups _cgroups;
    private readonly Action<Usages> _answer;
    private readonly Action<Attempt, long> _dropped;
    private readonly Bell _wanted = new();
    private readonly Queue<(Attempt Attempt, long At)> _young = new();
    private readonly List<ReadUsages> _questions = [];
    private readonly Dictionary<Attempt, Sums> _sums = [];

    /// <summary>What is looked at; the loop's thread's while no look is under way.</summary>
    private readonly List<Target> _targets = [];
    private bool _needsSnapshot;

    /// <summary>What is to be written after a look; the loop's thread's as the targets are.</summary>
    private readonly List<Action> _samples = [];
    private double _took;
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
        JobCgroups cgroups,
        Action<Usages> answer,
        Action<Attempt, long> dropped
    )
    {
        (_loop, _runner, _cgroups) = (loop, runner, cgroups);
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
        var at = Clock.NowMs() + UsageSample.FirstMs;
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

    private TimelineRules Rules =>
        new(UsageSample.FirstMs, Math.Max(UsageSample.FirstMs, _intervalMs), TimelineSamplesMax);

    /// <summary>Looks when it is time, and comes back when it may be time again.</summary>
    private void Tick()
    {
        var now = Clock.NowMs();
        while (_young.TryPeek(out var young) && young.At <= now)
        {
            _young.Dequeue();
            if (young.Attempt is { MayLive: true } grown)
                grown.Timeline = new(
                    grown.Paths.Timeline,
                    Timeline.Begin(now - UsageSample.FirstMs)
                );
        }
        var living = _runner.Book.Living;
        var isDue = now - _lastLook >= _intervalMs && living.Count > 0;
        if (now >= _earliest && (isDue || living.Any(a => IsDue(a, now))))
            Look();
        _ticking = _young.Count > 0 || living.Count > 0;
        if (_ticking)
            _loop.At(now + Math.Min(UsageSample.FirstMs, _intervalMs), Tick);
    }

    private bool IsDue(Attempt attempt, long now) =>
        attempt.Timeline is { } timeline && timeline.Kept.IsDue(now, Rules);

    private void Look()
    {
        if (_looking)
            return;
        (_looking, _lastLook) = (true, Clock.NowMs());
        _targets.Clear();
        _needsSnapshot = false;
        foreach (var attempt in _runner.Book.Living)
        {
            if (attempt.Cgroup is { } cgroup)
                _targets.Add(new(attempt, cgroup, default));
            else
                _needsSnapshot = true;
        }
        _wanted.Ring();
    }

    /// <summary>Reads, and then writes, what the loop's thread asked for, which leaves both lists
    /// alone meanwhile.</summary>
    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            var watch = Stopwatch.GetTimestamp();
            if (_samples.Count > 0)
            {
                foreach (var write in _samples)
                    write();
                _samples.Clear();
                var wrote = Milliseconds(watch);
                _loop.Post(() => LookIsOver(wrote));
                continue;
            }
            _cgroups.SwapSeen(MemoryFiles.HasSwap());
            for (var i = 0; i < _targets.Count; i++)
            {
                _targets[i].Cgroup.Settle();
                _targets[i] = _targets[i] with { Reading = _targets[i].Cgroup.Read() };
            }
            var snapshot = _needsSnapshot ? ProcessSnapshot.Take() : null;
            var swap =
                snapshot is not null && MemoryFiles.IsSwapInUse()
                    ? snapshot
                        .All.Keys.Where(pid => snapshot.ChildAbove(pid, _self) != 0)
                        .ToDictionary(pid => pid, MemoryFiles.SwapOf)
                    : [];
            var peak = _needsSnapshot ? MemoryFiles.PeakOfSelf() : 0;
            var took = Milliseconds(watch);
            _loop.Post(() => Seen(snapshot, swap, peak, took));
        }
    }

    private static double Milliseconds(long since) =>
        Stopwatch.GetElapsedTime(since).TotalMilliseconds;

    private void Seen(ProcessSnapshot? snapshot, Dictionary<int, long> swap, long peak, double took)
    {
        _took = took;
        _runner.LookForOrphans();
        foreach (var (attempt, cgroup, reading) in _targets)
        {
            if (attempt.Cgroup != cgroup)
                continue;
            attempt.Usage.Seen(reading, isOver: false);
            if (reading.OutOfMemoryKills > 0)
                _runner.OutOfMemory(attempt);
        }
        if (snapshot is not null)
        {
            _runner.OwnPeakMemory = peak;
            Sum(snapshot, swap);
        }
        KeepOutputs();
        Answer();
        KeepSamples();
        if (_samples.Count > 0)
            _wanted.Ring();
        else
            LookIsOver(wrote: 0);
    }

    /// <summary>The next one waits until all looks together take no more than their share.</summary>
    private void LookIsOver(double wrote)
    {
        _looking = false;
        _earliest = Clock.NowMs() + (long)((_took + wrote) * SampleShare);
        if (_questions.Count > 0)
            Look();
    }

    private void Sum(ProcessSnapshot snapshot, Dictionary<int, long> swap)
    {
        _sums.Clear();
        foreach (var (pid, stat) in snapshot.All)
        {
            var child = snapshot.ChildAbove(pid, _self);
            if (
                child == 0
                || stat.IsZombie
                || _runner.OwnerOfChild(child) is not { Cgroup: null } owner
            )
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
    }

    /// <summary>Keeps this look in the timelines that are due.</summary>
    private void KeepSamples()
    {
        var (now, at) = (Clock.NowMs(), Clock.WallUs());
        foreach (var attempt in _runner.Book.Living.Where(a => IsDue(a, now)))
        {
            var keep = attempt.Timeline!.Keep(now, Rules);
            var usage = attempt.Usage.Now();
            var directory = attempt.WorkingDirectory;
            var stdout = attempt.SpareStdout ?? attempt.Paths.Stdout;
            var stderr = attempt.SpareStderr ?? attempt.Paths.Stderr;
            _samples.Add(() =>
            {
                usage.DiskBytes = DirectorySize.Of(directory, TimelineEntriesMax);
                var (wrote, complained) = (
                    UsageSample.LengthOf(stdout),
                    UsageSample.LengthOf(stderr)
                );
                keep(UsageSample.Of(usage, at, wrote, complained));
            });
        }
    }

    private void KeepOutputs()
    {
        if (_runner.OutputLimitBytes <= 0)
            return;
        foreach (var attempt in _runner.Book.Living)
        {
            if (OutputFile.KeepWithin(attempt, _runner.OutputLimitBytes) is var bytes and > 0)
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
            answer.Processes[i].Usage.DiskBytes = DirectorySize.Of(directories[i]);
        _loop.Post(() => _answer(answer));
    }

    private readonly record struct Target(Attempt Attempt, JobCgroup Cgroup, CgroupReading Reading);

    private readonly record struct Sums(long UserTicks, long SystemTicks, long Pages, long Swap);
}
