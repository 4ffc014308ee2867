namespace JobCloud.Node.Executor.Processes;

/// <summary>A process to start: all paths absolute but <paramref name="Program"/>, which may be
/// relative to <paramref name="Directory"/>.</summary>
/// <param name="Environment"><c>NAME=value</c> each.</param>
/// <param name="Stdin">Opened for reading.</param>
/// <param name="KeepOutput">Appends to the output files instead of emptying them.</param>
/// <param name="Note">A file, emptied, that the process finds as its descriptors 3 and 4; null:
/// none.</param>
internal readonly record struct SpawnRequest(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string Directory,
    string Stdin,
    string Stdout,
    string Stderr,
    bool KeepOutput = false,
    string? Note = null
);
