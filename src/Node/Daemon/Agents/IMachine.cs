namespace JobCloud.Node.Daemon.Agents;

/// <summary>What an agent does to its machine itself when there is no executor to do it.</summary>
internal interface IMachine
{
    /// <summary>Whether a process of this home's executor lives.</summary>
    bool ExecutorLives();

    /// <summary>
    /// Kills the process group of an attempt, unless its pid belongs to another process by now.
    /// </summary>
    /// <param name="pid">Of the group's first process.</param>
    /// <param name="startedAt">Microseconds since 1970.</param>
    void KillGroup(int pid, long startedAt);

    void StartExecutor();

    /// <summary>Ends this process.</summary>
    void Leave(int exitCode);
}
