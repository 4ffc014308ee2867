using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The plan of an attempt's start and the resources made for it.</summary>
/// <param name="Order">The start order. After the start it no longer contains the files sent with
/// the job. Terminals in the job start from the same order.</param>
/// <param name="WorkingDirectory">On the machine; the job's own directory if the order names
/// none.</param>
/// <param name="Started">The time of the start.</param>
internal sealed record Launch(
    AttemptPaths Paths,
    StartProcess Order,
    string WorkingDirectory,
    Moment Started
)
{
    /// <summary>The time of the start, µs.</summary>
    public long StartedAt => Started.WallUs;

    /// <summary>The account that its processes run as; null: the executor's own.</summary>
    public Account? Account { get; init; }

    public bool UsesOwnDirectory { get; } = Order.WorkingDirectory.Length == 0;

    /// <summary>The working directory as the job sees it.</summary>
    public string DirectoryInside => UsesOwnDirectory ? Paths.Directory : Order.WorkingDirectory;

    public bool HasStdin { get; } = Order.HasStdin || Order.StdinCopy.Length > 0;
    public OutputFiles Output { get; init; } = new(Paths);

    /// <summary>The cgroup of all processes of the job; null: the job has none.</summary>
    public JobCgroup? Cgroup { get; init; }

    /// <summary>The steps before the command; null: the command starts directly.</summary>
    public SandboxStart? SandboxStart { get; init; }

    /// <summary>Keeps a shell job open; null: not a shell job.</summary>
    public ShellJobPipe? ShellJobPipe { get; init; }

    /// <summary>Null: no profile was requested.</summary>
    public Profile? Profile { get; init; }
}
