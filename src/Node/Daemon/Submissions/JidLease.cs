using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>The jids that this node may still assign.</summary>
internal readonly record struct JidLease(long Next, long Last)
{
    /// <summary>No lease yet; the first request obtains one.</summary>
    public static readonly JidLease None = new(1, 0);

    public bool Holds(long count) => Next + count - 1 <= Last;

    public (long First, JidLease Left) Take(long count) =>
        (Next, this with { Next = Next + count });

    /// <summary>The lease after the allocator granted more: the same range extended, or a new
    /// one.</summary>
    public JidLease Extended(LeaseGranted granted) =>
        new(Math.Max(Next, granted.First), granted.Last);

    public LeaseRequest RequestFor(string node, long count) =>
        new()
        {
            Node = node,
            After = Next - 1,
            Count = count,
        };
}
