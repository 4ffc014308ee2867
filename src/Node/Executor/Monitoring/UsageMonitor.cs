using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>Samples all jobs in one pass on its own thread: soon after a start, then at intervals,
/// and on request. A job with a cgroup costs a few reads; if any job has none, all processes of the
/// machine are scanned. Owned by the event-loop thread.</summary>
/// <param name="dropped">Called with the number of bytes when output of an attempt was
/// dropped.</param>
internal sealed class UsageMonitor(
    EventLoop loop,
    ExecutionSettings settings,
    AttemptRegistry registry,
    AttemptRunner runner,
    ChildOwners owners,
    JobCgroups cgroups,
    ExecutorLimits limits,
    OwnMemory ownMemory,
    Action<Usages> answer,
    Action<TrackedAttempt, long> dropped
)
{
    /// <summary>Limits sampling to one part in this many of a core; on a machine with very many
    /// processes it becomes less frequent.</summary>
    private const int SampleShare = 20;

    /// <summary>Maximum number of samples per attempt; when it is reached, every second one is
    /// dropped.</summary>
    private const int TimelineSamplesMax = 240;

    /// <summary>Working directories with more entries are not measured for timelines.</summary>
    private const int TimelineEntriesMax = 1_000;

    private Worker _worker = null!;
    private readonly Queue<(TrackedAttempt Attempt, long At)> _new = new();
    private readonly List<ReadUsages> _requests = [];
    private bool _ticking;
    private bool _sampling;
    private long _earliest;
    private long _lastSample;

    public void Start()
    {
        _worker = new("usages", SamplingFailed);
        _worker.Start();
    }

    /// <summary>Schedules a first sample of a new process.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public void Started(TrackedAttempt attempt, long now)
    {
        var at = now + UsageSample.FirstMs;
        _new.Enqueue((attempt, at));
        if (_ticking)
            return;
        _ticking = true;
        loop.At(at, Tick);
    }

    public void Read(ReadUsages request, long now)
    {
        _requests.Add(request);
        SampleNow(now);
    }

    private TimelineRules Rules =>
        new(
            UsageSample.FirstMs,
            Math.Max(UsageSample.FirstMs, settings.SampleIntervalMs),
            TimelineSamplesMax
        );

    /// <summary>Samples if due, and schedules the next check.</summary>
    private void Tick(Moment moment)
    {
        var now = moment.Ms;
        while (_new.TryPeek(out var next) && next.At <= now)
        {
            _new.Dequeue();
            next.Attempt.LiveJob?.BeginTimeline(now - UsageSample.FirstMs);
        }
        var live = registry.Live;
        var isDue = now - _lastSample >= settings.SampleIntervalMs && live.Count > 0;
        if (now >= _earliest && (isDue || live.Any(a => IsDue(a, now))))
            SampleNow(now);
        _ticking = _new.Count > 0 || live.Count > 0;
        if (_ticking)
            loop.At(now + Math.Min(UsageSample.FirstMs, settings.SampleIntervalMs), Tick);
    }

    private bool IsDue(TrackedAttempt attempt, long now) =>
        attempt.LiveJob?.Timeline is { } timeline && timeline.Kept.IsDue(now, Rules);

    private void SampleNow(long now)
    {
        if (_sampling)
            return;
        (_sampling, _lastSample) = (true, now);
        var held = new List<(TrackedAttempt, JobCgroup)>();
        foreach (var attempt in registry.Live)
        {
            if (attempt.LiveJob?.Cgroup is { } cgroup)
                held.Add((attempt, cgroup));
        }
        var needsSnapshot = held.Count < registry.Live.Count;
        _worker.Submit(() =>
        {
            cgroups.SetHasSwap(MemoryFiles.HasSwap());
            var sample = UsageScan.Take(held, needsSnapshot);
            loop.Post(later => HandleSample(sample, later));
        });
    }

    private void HandleSample(UsageScan sample, Moment now)
    {
        try
        {
            Record(sample, now);
        }
        catch (Exception e)
        {
            loop.Report(e);
        }
        var samples = Samples(now);
        if (samples.Count > 0)
            _worker.Submit(() => Write(samples, sample.TookMs));
        else
            EndSampling(sample.TookMs, now);
    }

    private void Record(UsageScan sample, Moment now)
    {
        owners.FindOwners(now.Ms);
        foreach (var (attempt, reading) in sample.Counted)
        {
            // Its cgroup may already belong to another attempt.
            if (attempt.LiveJob is not { } job)
                continue;
            job.Usage.Record(reading, hasEnded: false);
            if (reading.OutOfMemoryKills > 0)
                runner.OutOfMemory(attempt, now);
            if (reading.ReachedProcessLimit)
                runner.TooManyProcesses(attempt, now);
        }
        if (sample.Snapshot is not null)
            ownMemory.Seen(sample.OwnPeakBytes);
        foreach (var (job, sum) in sample.Sum(owners.OwnerOf))
        {
            job.Usage.Record(
                Ticks.Microseconds(sum.UserTicks),
                Ticks.Microseconds(sum.SystemTicks),
                sum.Pages * Environment.SystemPageSize,
                sum.Swap
            );
            // Where no cgroup limits them, the job is killed once it has too many.
            if (sum.Threads > limits.PidsMax && registry.TryGetByPid(job.Pid, out var attempt))
                runner.TooManyProcesses(attempt, now);
        }
        LimitOutputs();
        Answer();
    }

    private void Write(List<Action> samples, double sampledMs)
    {
        var watch = Stopwatch.StartNew();
        foreach (var write in samples)
            write();
        var took = sampledMs + watch.Elapsed.TotalMilliseconds;
        loop.Post(now => EndSampling(took, now));
    }

    /// <summary>Schedules the next sample so that sampling stays within its share.</summary>
    private void EndSampling(double tookMs, Moment now)
    {
        _sampling = false;
        _earliest = now.Ms + (long)(tookMs * SampleShare);
        if (_requests.Count > 0)
            SampleNow(now.Ms);
    }

    /// <summary>The writes that add this sample to the timelines that are due; they may run on any
    /// thread.</summary>
    private List<Action> Samples(Moment now)
    {
        var samples = new List<Action>();
        foreach (var attempt in registry.Live)
        {
            if (attempt.LiveJob is not { Timeline: { } timeline } job || !IsDue(attempt, now.Ms))
                continue;
            var keep = timeline.Keep(now.Ms, Rules);
            var usage = job.Usage.Now();
            var (stdout, stderr) = (job.Output.Stdout, job.Output.Stderr);
            var at = now.WallUsSince(job.Launch.Started);
            samples.Add(() =>
            {
                usage.DiskBytes = DirectorySize.Of(job.OwnDirectory, TimelineEntriesMax);
                var (stdoutBytes, stderrBytes) = (FileLength.Of(stdout), FileLength.Of(stderr));
                keep(UsageSample.Of(usage, at, stdoutBytes, stderrBytes));
            });
        }
        return samples;
    }

    private void LimitOutputs()
    {
        if (settings.OutputLimitBytes <= 0)
            return;
        foreach (var attempt in registry.Live)
        {
            if (attempt.LiveJob?.Output.DropOldest(settings.OutputLimitBytes) is > 0 and var bytes)
                dropped(attempt, bytes);
        }
    }

    /// <summary>Answers all requests; measures the directories on another thread.</summary>
    private void Answer()
    {
        foreach (var request in _requests)
        {
            var jids = request.Jids.ToHashSet();
            var usages = new Usages { Request = request.Request };
            var directories = new List<string>();
            foreach (var attempt in registry.Live)
            {
                if (attempt.LiveJob is not { } job || !jids.Contains(attempt.Id.Jid))
                    continue;
                directories.Add(job.OwnDirectory);
                usages.Processes.Add(
                    new ProcessUsage
                    {
                        Jid = attempt.Id.Jid,
                        Attempt = attempt.Id.Number,
                        Usage = job.Usage.Now(),
                    }
                );
            }
            Background.Run(loop, () => Measure(usages, directories), _ => answer(usages));
        }
        _requests.Clear();
    }

    private Task Measure(Usages usages, List<string> directories)
    {
        for (var i = 0; i < directories.Count; i++)
            usages.Processes[i].Usage.DiskBytes = DirectorySize.Of(directories[i]);
        loop.Post(_ => answer(usages));
        return Task.CompletedTask;
    }

    /// <summary>A failed sample is skipped, and the next one is taken in its time.</summary>
    private void SamplingFailed(Exception fault)
    {
        loop.Report(fault);
        loop.Post(now => EndSampling(tookMs: 0, now));
    }
}
