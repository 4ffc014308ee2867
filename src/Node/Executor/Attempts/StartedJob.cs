using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The resources of an attempt, from the start of its first process until its end is
/// reported.</summary>
internal sealed class StartedJob(Launch launch, SpawnResult process)
{
    public Launch Launch { get; } = launch;
    public SpawnResult Process { get; } = process;
    public UsageTally Usage { get; } = new();

    /// <summary>Its processes that were moved back into its cgroup, by pid and start.</summary>
    public HashSet<(int Pid, long StartTick)> MovedBack { get; } = [];

    /// <summary>When it is next reported that its processes outlive SIGKILL, ms; null: they got
    /// none.</summary>
    public long? StuckAt { get; set; }

    /// <summary>The fault of the executor that ends it, as a sentence without its full stop; empty:
    /// none.</summary>
    public string Fault { get; set; } = "";

    /// <summary>The exit of the first process; null: it is alive.</summary>
    public ChildExit? FirstExit { get; private set; }

    /// <summary>Null until the first sample.</summary>
    public TimelineFile? Timeline { get; private set; }

    public int Pid => Process.Pid;
    public JobCgroup? Cgroup => Launch.Cgroup;
    public string WorkingDirectory => Launch.WorkingDirectory;
    public string OwnDirectory => Launch.Paths.Directory;
    public OutputFiles Output => Launch.Output;

    public void FirstEnded(in ChildExit exit)
    {
        FirstExit = exit;
        Usage.Ended(exit);
    }

    /// <param name="startedAt">The start time in ms.</param>
    public void BeginTimeline(long startedAt) =>
        Timeline = new(Launch.Paths.Timeline, Protocol.Timelines.Timeline.Begin(startedAt));

    public ProcessStarted Announcement(AttemptId id) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Start = new() { Pid = Pid, StartedAt = Launch.StartedAt },
            Cores = Launch.Order.Cores,
            MemoryBytes = Launch.Order.MemoryBytes,
        };
}
