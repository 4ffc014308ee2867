namespace JobCloud.Node.Executor.Processes;

/// <summary>A process to start: all paths absolute but <paramref name="Program"/>, which may be
/// relative to <paramref name="Directory"/>.</summary>
/// <param name="Environment"><c>NAME=value</c> each.</param>
/// <param name="Stdin">Opened for reading.</param>
/// <param name="KeepOutput">Appends to the output files instead of emptying them.</param>
/// <param name="Note">A file, emptied, that the process finds as its descriptors 3 and 4; null:
/// none.</param>
/// <param name="Channels">Its first three descriptors, in place of the files; null: the
/// files.</param>
internal readonly record struct SpawnRequest(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string Directory,
    string Stdin,
    string Stdout,
    string Stderr,
    bool KeepOutput = false,
    string? Note = null,
    Channels? Channels = null
);

/// <summary>What a process gets as its first three descriptors.</summary>
/// <param name="Terminal">The path of a terminal, which is all three, and which it is controlled
/// by; null: the descriptors.</param>
/// <param name="Stdin">Descriptors of this process; 0: the file of the request.</param>
internal readonly record struct Channels(
    string? Terminal = null,
    int Stdin = 0,
    int Stdout = 0,
    int Stderr = 0
);
