using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Executor.Watches;

/// <summary>Looks at all jobs in one pass, on a thread of its own: soon after a start, then at
/// intervals, and when somebody asks. A job in a cgroup costs a few reads; if there is one without,
/// all processes of the machine are looked at. Owned by the loop's thread.</summary>
/// <param name="dropped">Told when output of an attempt was dropped: how many bytes.</param>
internal sealed class UsageWatch(
    EventLoop loop,
    AgentWishes wishes,
    AttemptBook book,
    AttemptRunner runner,
    ChildOwners owners,
    JobCgroups cgroups,
    OwnMemory ownMemory,
    Action<Usages> answer,
    Action<Attempt, long> dropped
)
{
    /// <summary>Looks take at most one part in so many of a core; on a machine with very many
    /// processes they get rarer.</summary>
    private const int SampleShare = 20;

    /// <summary>Of one attempt; when there are so many, every second one is dropped.</summary>
    private const int TimelineSamplesMax = 240;

    /// <summary>A working directory with more entries is left out of these samples.</summary>
    private const int TimelineEntriesMax = 1_000;

    private readonly Worker _worker = new("usages");
    private readonly Queue<(Attempt Attempt, long At)> _young = new();
    private readonly List<ReadUsages> _questions = [];
    private bool _ticking;
    private bool _looking;
    private long _earliest;
    private long _lastLook;

    public void Start() => _worker.Start();

    /// <summary>A new process should be looked at soon.</summary>
    /// <param name="now">Ms, here and below.</param>
    public void Started(Attempt attempt, long now)
    {
        var at = now + UsageSample.FirstMs;
        _young.Enqueue((attempt, at));
        if (_ticking)
            return;
        _ticking = true;
        loop.At(at, Tick);
    }

    public void Read(ReadUsages question, long now)
    {
        _questions.Add(question);
        Look(now);
    }

    private TimelineRules Rules =>
        new(
            UsageSample.FirstMs,
            Math.Max(UsageSample.FirstMs, wishes.SampleIntervalMs),
            TimelineSamplesMax
        );

    /// <summary>Looks when it is time, and comes back when it may be time again.</summary>
    private void Tick(Moment moment)
    {
        var now = moment.Ms;
        while (_young.TryPeek(out var young) && young.At <= now)
        {
            _young.Dequeue();
            young.Attempt.Living?.BeginTimeline(now - UsageSample.FirstMs);
        }
        var living = book.Living;
        var isDue = now - _lastLook >= wishes.SampleIntervalMs && living.Count > 0;
        if (now >= _earliest && (isDue || living.Any(a => IsDue(a, now))))
            Look(now);
        _ticking = _young.Count > 0 || living.Count > 0;
        if (_ticking)
            loop.At(now + Math.Min(UsageSample.FirstMs, wishes.SampleIntervalMs), Tick);
    }

    private bool IsDue(Attempt attempt, long now) =>
        attempt.Living?.Timeline is { } timeline && timeline.Kept.IsDue(now, Rules);

    private void Look(long now)
    {
        if (_looking)
            return;
        (_looking, _lastLook) = (true, now);
        var held = new List<(Attempt, JobCgroup)>();
        foreach (var attempt in book.Living)
        {
            if (attempt.Living?.Cgroup is { } cgroup)
                held.Add((attempt, cgroup));
        }
        var needsSnapshot = held.Count < book.Living.Count;
        _worker.Do(() =>
        {
            cgroups.SwapSeen(MemoryFiles.HasSwap());
            var look = UsageLook.Take(held, needsSnapshot);
            loop.Post(later => Seen(look, later));
        });
    }

    private void Seen(UsageLook look, Moment now)
    {
        owners.Look(now.Ms);
        foreach (var (attempt, reading) in look.Counted)
        {
            // Its cgroup may be another's by now.
            if (attempt.Living is not { } job)
                continue;
            job.Usage.Seen(reading, isOver: false);
            if (reading.OutOfMemoryKills > 0)
                runner.OutOfMemory(attempt, now);
        }
        if (look.Snapshot is not null)
            ownMemory.Seen(look.OwnPeakBytes);
        foreach (var (job, sum) in look.Sum(owners.Of))
            job.Usage.Seen(
                Ticks.Microseconds(sum.UserTicks),
                Ticks.Microseconds(sum.SystemTicks),
                sum.Pages * Environment.SystemPageSize,
                sum.Swap
            );
        KeepOutputs();
        Answer();
        var samples = Samples(now);
        if (samples.Count > 0)
            _worker.Do(() => Write(samples, look.TookMs));
        else
            LookIsOver(look.TookMs, now);
    }

    private void Write(List<Action> samples, double lookedMs)
    {
        var watch = Stopwatch.StartNew();
        foreach (var write in samples)
            write();
        var took = lookedMs + watch.Elapsed.TotalMilliseconds;
        loop.Post(now => LookIsOver(took, now));
    }

    /// <summary>The next one waits until all looks together take no more than their
    /// share.</summary>
    private void LookIsOver(double tookMs, Moment now)
    {
        _looking = false;
        _earliest = now.Ms + (long)(tookMs * SampleShare);
        if (_questions.Count > 0)
            Look(now.Ms);
    }

    /// <summary>What keeps this look in the timelines that are due; for any thread.</summary>
    private List<Action> Samples(Moment now)
    {
        var samples = new List<Action>();
        foreach (var attempt in book.Living)
        {
            if (attempt.Living is not { Timeline: { } timeline } job || !IsDue(attempt, now.Ms))
                continue;
            var keep = timeline.Keep(now.Ms, Rules);
            var usage = job.Usage.Now();
            var (stdout, stderr) = (job.Output.Stdout, job.Output.Stderr);
            samples.Add(() =>
            {
                usage.DiskBytes = DirectorySize.Of(job.WorkingDirectory, TimelineEntriesMax);
                var (wrote, complained) = (FileLength.Of(stdout), FileLength.Of(stderr));
                keep(UsageSample.Of(usage, now.WallUs, wrote, complained));
            });
        }
        return samples;
    }

    private void KeepOutputs()
    {
        if (wishes.OutputLimitBytes <= 0)
            return;
        foreach (var attempt in book.Living)
        {
            if (attempt.Living?.Output.KeepWithin(wishes.OutputLimitBytes) is > 0 and var bytes)
                dropped(attempt, bytes);
        }
    }

    /// <summary>Answers all questions; the directories are measured on another thread.</summary>
    private void Answer()
    {
        foreach (var question in _questions)
        {
            var jids = question.Jids.ToHashSet();
            var usages = new Usages { Request = question.Request };
            var directories = new List<string>();
            foreach (var attempt in book.Living)
            {
                if (attempt.Living is not { } job || !jids.Contains(attempt.Id.Jid))
                    continue;
                directories.Add(job.WorkingDirectory);
                usages.Processes.Add(
                    new ProcessUsage
                    {
                        Jid = attempt.Id.Jid,
                        Attempt = attempt.Id.Number,
                        Usage = job.Usage.Now(),
                    }
                );
            }
            ThreadPool.UnsafeQueueUserWorkItem(_ => Measure(usages, directories), null);
        }
        _questions.Clear();
    }

    private void Measure(Usages usages, List<string> directories)
    {
        for (var i = 0; i < directories.Count; i++)
            usages.Processes[i].Usage.DiskBytes = DirectorySize.Of(directories[i]);
        loop.Post(_ => answer(usages));
    }
}
