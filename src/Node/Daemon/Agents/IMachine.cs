namespace JobCloud.Node.Daemon.Agents;

/// <summary>The actions that an agent performs on its machine itself if there is no
/// executor.</summary>
internal interface IMachine
{
    /// <summary>True if an executor process of this home is alive.</summary>
    bool IsExecutorAlive();

    /// <summary>Kills the process group of an attempt, unless its pid now belongs to another
    /// process.</summary>
    /// <param name="pid">The pid of the group's first process.</param>
    /// <param name="startedAt">Start of that process in microseconds since 1970.</param>
    void KillGroup(int pid, long startedAt);

    void StartExecutor();

    /// <summary>True if a signal has stopped the executor's process.</summary>
    bool IsExecutorStopped();

    /// <summary>Continues the executor that a signal has stopped (SIGCONT).</summary>
    void ContinueExecutor();

    /// <summary>Ends this process.</summary>
    void Exit(int exitCode);
}
