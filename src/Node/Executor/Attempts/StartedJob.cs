using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>What there is of an attempt from the start of its first process until its end is
/// told.</summary>
internal sealed class StartedJob(Launch launch, Spawned process)
{
    public Launch Launch { get; } = launch;
    public Spawned Process { get; } = process;
    public UsageTally Usage { get; } = new();

    /// <summary>How its first process ended; null: it lives.</summary>
    public ChildExit? FirstExit { get; private set; }

    /// <summary>Null until the first look at it.</summary>
    public TimelineFile? Timeline { get; private set; }

    public int Pid => Process.Pid;
    public JobCgroup? Cgroup => Launch.Cgroup;
    public string WorkingDirectory => Launch.WorkingDirectory;
    public OutputFiles Output => Launch.Output;

    public void FirstEnded(in ChildExit exit)
    {
        FirstExit = exit;
        Usage.Ended(exit);
    }

    /// <param name="startedAt">Ms.</param>
    public void BeginTimeline(long startedAt) =>
        Timeline = new(Launch.Paths.Timeline, Protocol.Timelines.Timeline.Begin(startedAt));

    public ProcessStarted Announcement(AttemptId id) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Start = new() { Pid = Pid, StartedAt = Launch.At },
            Cores = Launch.Terms.Cores,
            MemoryBytes = Launch.Terms.MemoryBytes,
        };
}
