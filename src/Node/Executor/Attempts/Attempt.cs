using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Terminals;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>What the executor knows of one attempt. Owned by the loop's thread.</summary>
internal sealed class Attempt(AttemptId id, AttemptPaths paths)
{
    public AttemptId Id { get; } = id;
    public AttemptPaths Paths { get; } = paths;
    public AttemptPhase Phase { get; set; } = new AttemptPhase.Ended();

    /// <summary>What is to be started; null once it was tried.</summary>
    public StartProcess? Order { get; set; }

    /// <summary>What it was started from, less what was sent along: terminals in it are started from
    /// the same. Null before its start, and from when nothing of it lives.</summary>
    public StartProcess? Terms { get; set; }

    /// <summary>Whether an SSH server was ever started in it: then there are keys of it.</summary>
    public bool HasSshServer { get; set; }

    /// <summary>Holds a job that is there for its terminals; null: it is none.</summary>
    public Anchor? Anchor { get; set; }

    /// <summary>Of the first process; 0: none was started.</summary>
    public int Pid => Process.Pid;
    public Spawned Process { get; set; }

    /// <summary>Holds all its processes while it may live; null: the machine has none for it.</summary>
    public JobCgroup? Cgroup { get; set; }

    /// <summary>Where it runs; fresh when the job named none.</summary>
    public string WorkingDirectory { get; set; } = "";
    public bool HasFreshDirectory { get; set; }
    public bool HasStdin { get; set; }
    public string ReturnFile { get; set; } = "";
    public long MaxRuntimeMs { get; set; }

    /// <summary>What it counts for: an agent that did not start it must know.</summary>
    public int Cores { get; set; }
    public long MemoryBytes { get; set; }

    /// <summary>How it comes to its command; null: directly.</summary>
    public Entrance? Entrance { get; set; }

    /// <summary>Instants, µs.</summary>
    public long StartedAt { get; set; }
    public long EndedAt { get; set; }

    /// <summary>Why it was not started; empty: it was, or it will be.</summary>
    public string NotStarted { get; set; } = "";
    public bool OverMaxRuntime { get; set; }

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    public bool OutOfMemory { get; set; }

    /// <summary>Killed because the lease ran out.</summary>
    public bool Fenced { get; set; }

    /// <summary>Its node was stopped while nobody else wanted it to end.</summary>
    public bool Stopped { get; set; }
    public ChildExit FirstExit { get; set; }
    public UsageTally Usage { get; } = new();

    /// <summary>Null until the first look at it.</summary>
    public TimelineFile? Timeline { get; set; }

    /// <summary>The files that are written to instead, as long as it is not worth a new name;
    /// null: those of <see cref="Paths"/>.</summary>
    public string? SpareStdout { get; set; }
    public string? SpareStderr { get; set; }

    /// <summary>Dropped from the starts of its output files.</summary>
    public DropNote Dropped { get; set; }

    /// <summary>Whether it is to be told where its time went.</summary>
    public bool HasProfile { get; set; }

    /// <summary>Why it has no profile, if it wanted one and none was written.</summary>
    public string NoProfile { get; set; } = "";

    /// <summary>Looks at its stacks, where its profile needs that.</summary>
    public StackSampler? Sampler { get; set; }

    /// <summary>How it ended, from when nothing of it is left until the end is accepted.</summary>
    public ProcessEnded? End { get; set; }

    /// <summary>Whether processes of it may be alive.</summary>
    public bool MayLive => Pid != 0 && Phase is not AttemptPhase.Ended;

    public ProcessStarted Announcement() =>
        new()
        {
            Jid = Id.Jid,
            Attempt = Id.Number,
            Pid = Pid,
            At = StartedAt,
            Cores = Cores,
            MemoryBytes = MemoryBytes,
        };
}
