namespace JobCloud.Node.Executor.Processes;

/// <summary>What became of a <see cref="SpawnRequest"/>.</summary>
/// <param name="Error">0, or the error of posix_spawn(3).</param>
/// <param name="TickFirst">The process was started at this clock tick since boot or later…</param>
/// <param name="TickLast">…and at this one or earlier: as in field 22 of /proc/PID/stat.</param>
internal readonly record struct Spawned(int Pid, int Error, long TickFirst, long TickLast);
