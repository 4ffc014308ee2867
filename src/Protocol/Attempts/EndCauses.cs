namespace JobCloud.Protocol.Attempts;

/// <summary>What had an attempt end before its command was done.</summary>
[Flags]
public enum EndCauses
{
    None = 0,

    /// <summary>It ran longer than it may.</summary>
    OverMaxRuntime = 1,

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    OutOfMemory = 2,

    /// <summary>The lease ran out.</summary>
    Fenced = 4,

    /// <summary>Its node was stopped while nobody else wanted it to end.</summary>
    NodeStopped = 8,
}
