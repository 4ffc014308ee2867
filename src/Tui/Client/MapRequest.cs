namespace JobCloud.Client;

/// <summary>A map to submit: one command, a job for each element. Job N gets the Nth value of each
/// parameter, so all parameters must have the same number of values.</summary>
public sealed record MapRequest : JobRequest
{
    /// <summary>A map that runs a shell line. <c>{name}</c> in it is a parameter.</summary>
    public MapRequest(string command)
        : base(command) { }

    /// <summary>A map that runs a program with these arguments, unchanged but for
    /// parameters.</summary>
    /// <param name="argv">The program, found in PATH or at its path, and its arguments.</param>
    public MapRequest(IReadOnlyList<string> argv)
        : base(argv) { }

    /// <summary>The values of parameters, one for each job.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JobInput>> MapData { get; init; } =
        new Dictionary<string, IReadOnlyList<JobInput>>();

    /// <summary>Parameters whose values are the lines of a file, by its path.</summary>
    public IReadOnlyDictionary<string, string> ArgFile { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Ranges of numbers, inclusive: <c>1-100</c> for the parameter <c>i</c>, or
    /// <c>seed=1-100:5</c>.</summary>
    public IReadOnlyList<string> Range { get; init; } = [];

    /// <summary>The path of a file with one JSON object for each job, whose keys are
    /// parameters.</summary>
    public string? Json { get; init; }

    /// <summary>How often the whole list is repeated, from 1; null: once.</summary>
    public int? Copies { get; init; }

    /// <summary>The number of jobs that may run at once, from 1; null: all.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>The number of failures after which the remaining jobs are killed, from 1; null: no
    /// limit.</summary>
    public int? MaxFails { get; init; }
}
