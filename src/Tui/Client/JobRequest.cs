namespace JobCloud.Client;

/// <summary>A job to submit. What is null, empty or false has its default; see the reference of job
/// attributes.</summary>
public record JobRequest
{
    /// <summary>A job that runs a shell line. <c>{name}</c> in it is a parameter.</summary>
    public JobRequest(string command) => Command = command;

    /// <summary>A job that runs a program with these arguments, unchanged but for
    /// parameters.</summary>
    /// <param name="argv">The program, found in PATH or at its path, and its arguments.</param>
    public JobRequest(IReadOnlyList<string> argv) => Argv = argv;

    /// <summary>The shell line; null: there is <see cref="Argv"/>.</summary>
    public string? Command { get; }

    /// <summary>The program and its arguments; null: there is <see cref="Command"/>.</summary>
    public IReadOnlyList<string>? Argv { get; }

    /// <summary>A label, for queries.</summary>
    public string? Label { get; init; }

    /// <summary>The core type, a limit of memory per core.</summary>
    public string? Type { get; init; }

    /// <summary>The limit of cores, from 1; null: none, and the job counts as one core.</summary>
    public int? Cores { get; init; }

    /// <summary>The limit of memory in bytes; null: none, and the job counts as its share of the
    /// node's memory.</summary>
    public long? Memory { get; init; }

    /// <summary>The priority, lower first; null: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>The time limit of an attempt, in whole milliseconds; null: none.</summary>
    public TimeSpan? MaxRuntime { get; init; }

    /// <summary>The environment: variables, PATH, setup line, root file system.</summary>
    public string? Env { get; init; }

    /// <summary>The volumes to mount.</summary>
    public IReadOnlyList<string> Vol { get; init; } = [];

    /// <summary>The working directory; null: that of this process if the node is on this machine,
    /// else the job's own.</summary>
    public string? Cwd { get; init; }

    /// <summary>Whether the job runs in a directory of its own.</summary>
    public bool Fresh { get; init; }

    /// <summary>The variables of this process to pass on: <c>all</c>, <c>none</c>, or names such as
    /// <c>PATH,LC_*</c>; null: those that <c>JOBCLOUD_EXPORT</c> names, else the default.</summary>
    public string? Export { get; init; }

    /// <summary>Environment variables of the job.</summary>
    public IReadOnlyDictionary<string, string> OsEnv { get; init; } =
        new Dictionary<string, string>();

    /// <summary>What the job is isolated from: <c>network</c>; null: nothing.</summary>
    public string? Isolate { get; init; }

    /// <summary>With an isolated network: ports that the node forwards to the job, such as
    /// <c>8000</c> or <c>53/udp</c>.</summary>
    public IReadOnlyList<string> Publish { get; init; } = [];

    /// <summary>The jobs that must be done before; null: none.</summary>
    public JobSelection? DependsOn { get; init; }

    /// <summary><c>abort</c>: the job stalls unless all of <see cref="DependsOn"/> are done;
    /// <c>ignore</c>: it runs in any case; null: abort.</summary>
    public string? DependsOnErrors { get; init; }

    /// <summary>The values of parameters.</summary>
    public IReadOnlyDictionary<string, JobInput> Data { get; init; } =
        new Dictionary<string, JobInput>();

    /// <summary>The standard input of the job; null: it is empty.</summary>
    public JobInput? Stdin { get; init; }

    /// <summary>The file whose content is the result; null: the standard output is.</summary>
    public string? Return { get; init; }

    /// <summary>The number of retries after a failure, from 0; null: 0.</summary>
    public int? Retries { get; init; }

    /// <summary>The delay before a retry, doubled each time, in whole milliseconds; null:
    /// none.</summary>
    public TimeSpan? Backoff { get; init; }

    /// <summary>The path of the shell that runs the command; <c>none</c>: no shell; null: the
    /// default.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether a nonzero exit code counts as done.</summary>
    public bool IgnoreExitStatus { get; init; }

    /// <summary>Whether the job ends as error, instead of running again, when its node is lost,
    /// stopped or drained.</summary>
    public bool NotRestartable { get; init; }

    /// <summary>Whether a profile of the command is recorded.</summary>
    public bool Profile { get; init; }

    /// <summary>Requests with the same id submit once; null: a new id, so that this request is safe
    /// while the node restarts.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether a job that no node can run is refused instead of queued with a
    /// note.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether everything is checked and nothing submitted.</summary>
    public bool DryRun { get; init; }
}
