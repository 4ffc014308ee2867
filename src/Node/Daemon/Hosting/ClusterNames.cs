namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Names that actors of different nodes know each other by. They can never change in a cloud.</summary>
public static class ClusterNames
{
    public const string System = "jobcloud";

    /// <summary>Shard type of the segments; one shard in 60 holds one segment in 60.</summary>
    public const string Segments = "segments";
    public const int Shards = 60;

    /// <summary>The persistence id of a segment is this and its number.</summary>
    public const string SegmentIdPrefix = "segment-";
    public const string AllocatorId = "allocator";
    public const string DefinitionsId = "definitions";

    public const string Allocator = "allocator";
    public const string AllocatorProxy = "allocator-proxy";
    public const string Definitions = "definitions";
    public const string DefinitionsProxy = "definitions-proxy";
    public const string Scheduler = "scheduler";
    public const string SchedulerProxy = "scheduler-proxy";
    public const string Agent = "agent";
    public const string Agents = "agents";
    public const string Index = "index";
    public const string Submitter = "submitter";
    public const string Door = "door";
    public const string Feed = "feed";

    /// <summary>Holds job state: segments and singletons.</summary>
    public const string Control = "control";

    /// <summary>Runs jobs.</summary>
    public const string Worker = "worker";

    /// <summary>Only looks and asks.</summary>
    public const string Client = "client";

    public static IReadOnlyList<string> Roles { get; } = [Control, Worker, Client];

    /// <summary>The role by which the others find the node of this name.</summary>
    public static string NodeRole(string node) => $"node.{node}";

    public static string SegmentId(long segment) => $"{SegmentIdPrefix}{segment}";
}
