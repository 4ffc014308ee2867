namespace JobCloud.Protocol.Attempts;

/// <summary>Causes that ended an attempt before its command was done.</summary>
[Flags]
public enum EndCauses
{
    None = 0,

    /// <summary>It exceeded its max runtime.</summary>
    OverMaxRuntime = 1,

    /// <summary>The kernel's out-of-memory killer killed one of its processes.</summary>
    OutOfMemory = 2,

    /// <summary>The executor lease expired.</summary>
    Fenced = 4,

    /// <summary>Its node stopped, and no other cause preceded that.</summary>
    NodeStopped = 8,

    /// <summary>It reached its limit of processes.</summary>
    TooManyProcesses = 16,

    /// <summary>Its processes left its cgroup, and did so again after they were moved
    /// back.</summary>
    LeftCgroup = 32,
}
