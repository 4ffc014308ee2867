namespace JobCloud.Protocol.Membership;

/// <summary>What the members of a cloud know each other by. It can never change in a
/// cloud.</summary>
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

    /// <summary>Of the serializer of all messages; it stands in every row of the journal,
    /// too.</summary>
    public const int SerializerId = 120;

    private const string NodeRolePrefix = "node.";

    public static IReadOnlyList<string> Roles { get; } = [Control, Worker, Client];

    /// <summary>The role by which the others find the node of this name.</summary>
    public static string NodeRole(string node) => $"{NodeRolePrefix}{node}";

    /// <summary>The node that has this role for its name; null: it is another role.</summary>
    public static string? NodeOf(string role) =>
        role.StartsWith(NodeRolePrefix, StringComparison.Ordinal)
            ? role[NodeRolePrefix.Length..]
            : null;

    public static string SegmentId(long segment) => $"{SegmentIdPrefix}{segment}";
}
