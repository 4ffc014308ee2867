namespace JobCloud.Tui.Headless.Nodes;

/// <summary>What becomes of the jobs of a node that is stopped.</summary>
internal enum NodeStop
{
    /// <summary>In a cloud of several they may run on for a while, and are then moved.</summary>
    HandOver,

    /// <summary>They are killed.</summary>
    Now,

    /// <summary>They run on; the next start takes them back.</summary>
    KeepJobs,
}
