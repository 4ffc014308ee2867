namespace JobCloud.Protocol.Membership;

/// <summary>Names shared by all members of a cloud. They can never change.</summary>
public static class ClusterNames
{
    public const string System = "jobcloud";

    /// <summary>Shard type of the segments; each of the 60 shards holds every 60th
    /// segment.</summary>
    public const string Segments = "segments";
    public const int Shards = 60;

    /// <summary>Prefix of a segment's persistence id, before its number.</summary>
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
    public const string Gateway = "gateway";
    public const string Feed = "feed";

    /// <summary>The role of members that hold job state: segments and singletons.</summary>
    public const string Control = "control";

    /// <summary>The role of members that run jobs.</summary>
    public const string Worker = "worker";

    /// <summary>The role of members that only send requests.</summary>
    public const string Client = "client";

    /// <summary>The id of the serializer of all messages, also stored in every row of the
    /// journal.</summary>
    public const int SerializerId = 120;

    private const string NodeRolePrefix = "node.";
    private const string FormerNodeRolePrefix = "was.";

    public static IReadOnlyList<string> Roles { get; } = [Control, Worker, Client];

    /// <summary>The role that identifies the node of this name.</summary>
    public static string NodeRole(string node) => $"{NodeRolePrefix}{node}";

    /// <summary>The node that a role identifies; null: it is another role.</summary>
    public static string? NodeOf(string role) =>
        role.StartsWith(NodeRolePrefix, StringComparison.Ordinal)
            ? role[NodeRolePrefix.Length..]
            : null;

    /// <summary>The role of a node that had this name before.</summary>
    public static string FormerNodeRole(string node) => $"{FormerNodeRolePrefix}{node}";

    /// <summary>The name that the node with this role had before; null: it is another
    /// role.</summary>
    public static string? FormerNodeOf(string role) =>
        role.StartsWith(FormerNodeRolePrefix, StringComparison.Ordinal)
            ? role[FormerNodeRolePrefix.Length..]
            : null;

    public static string SegmentId(long segment) => $"{SegmentIdPrefix}{segment}";
}
