namespace JobCloud.Tui.Headless.Nodes;

/// <summary>The treatment of the jobs of a stopping node.</summary>
internal enum NodeStopMode
{
    /// <summary>In a cloud of several nodes, they have some time to finish and then move to other
    /// nodes.</summary>
    HandOver,

    /// <summary>They are killed.</summary>
    Now,

    /// <summary>They keep running; the next start takes them over.</summary>
    KeepJobs,
}
