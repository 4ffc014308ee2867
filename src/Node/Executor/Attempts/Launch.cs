using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>How an attempt is started, and what was made for that.</summary>
/// <param name="Terms">What it is started from, less what was sent along once it is started:
/// terminals in it are started from the same.</param>
/// <param name="WorkingDirectory">Fresh when the job named none.</param>
/// <param name="ReturnFile">On the machine, may be relative to the working directory; empty:
/// none.</param>
/// <param name="At">The instant, µs.</param>
internal sealed record Launch(
    AttemptPaths Paths,
    StartProcess Terms,
    string WorkingDirectory,
    string ReturnFile,
    long At
)
{
    public bool HasFreshDirectory { get; } = Terms.WorkingDirectory.Length == 0;
    public bool HasStdin { get; } = Terms.HasStdin;
    public OutputFiles Output { get; init; } = new(Paths);

    /// <summary>Holds all its processes while it may live; null: the machine has none for
    /// it.</summary>
    public JobCgroup? Cgroup { get; init; }

    /// <summary>How it comes to its command; null: directly.</summary>
    public Entrance? Entrance { get; init; }

    /// <summary>Holds a job that is there for its terminals; null: it is none.</summary>
    public Anchor? Anchor { get; init; }

    /// <summary>Null: none is wanted.</summary>
    public Profile? Profile { get; init; }
}
