namespace JobCloud.Node.Executor.Processes;

/// <summary>The outcome of a <see cref="SpawnRequest"/>.</summary>
/// <param name="Error">0 or the errno of posix_spawn(3).</param>
/// <param name="TickFirst">The earliest clock tick since boot at which the process may have
/// started.</param>
/// <param name="TickLast">The latest such tick; both as in field 22 of /proc/PID/stat.</param>
/// <param name="Failure">Tells why the program did not run although a process was started; null:
/// nothing can tell.</param>
internal readonly record struct SpawnResult(
    int Pid,
    int Error,
    long TickFirst,
    long TickLast,
    StartFailure? Failure = null
);
