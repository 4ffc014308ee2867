using System.Collections.Immutable;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Allocation;

/// <summary>
/// The jid leases of all nodes. A node has one current lease of whole segments. Leases of two
/// nodes never overlap, and a single node assigns jids without a gap.
/// </summary>
public sealed record JidLeases
{
    public static readonly JidLeases None = new();

    private readonly ImmutableDictionary<string, JidRange> _current = ImmutableDictionary<
        string,
        JidRange
    >.Empty;

    private JidLeases() { }

    private JidLeases(ImmutableDictionary<string, JidRange> current, long last) =>
        (_current, Last) = (current, last);

    /// <summary>The highest jid ever leased; 0: none.</summary>
    public long Last { get; }

    /// <summary>The current lease of `node`; null: none yet.</summary>
    public JidRange? Of(string node) => _current.GetValueOrDefault(node);

    /// <summary>
    /// The lease to record so that the node has `count` jids left after `after`; null if the
    /// current lease suffices. Repeating a request records nothing new.
    /// </summary>
    public RangeLeased? Decide(LeaseRequest request, long now)
    {
        if (request.Count <= 0)
            return null;
        var lease = Of(request.Node);
        if (lease is null)
            return Lease(request.Node, Last + 1, request.Count, now);

        var used = Math.Clamp(request.After, lease.First - 1, lease.Last);
        var missing = request.Count - (lease.Last - used);
        if (missing <= 0)
            return null;
        return lease.Last == Last
            ? Lease(request.Node, lease.First, Last + missing - lease.First + 1, now)
            : Lease(request.Node, Last + 1, request.Count, now);
    }

    /// <summary>The lease to record first in an empty store, so that no jid up to `highest` is
    /// given again. No node has the name of its holder.</summary>
    public static RangeLeased UsedBefore(long highest, long now) => Lease("", 1, highest, now);

    /// <summary>The leases to record in a store that may lack the last ones, so that no jid up to
    /// `highest` is given again: neither by a new lease nor by a current one.</summary>
    public IEnumerable<RangeLeased> After(long highest, long now)
    {
        var used = UsedBefore(Math.Max(highest, Last), now);
        yield return used;
        var next = used.Last + 1;
        foreach (var node in _current.Keys.Where(node => node.Length > 0).Order())
        {
            var lease = Lease(node, next, 1, now);
            yield return lease;
            next = lease.Last + 1;
        }
    }

    public JidLeases Evolve(RangeLeased leased) =>
        new(
            _current.SetItem(
                leased.Node,
                new JidRange { First = leased.First, Last = leased.Last }
            ),
            Math.Max(Last, leased.Last)
        );

    /// <summary>The answer to `node`; 0..0: it has no lease.</summary>
    public LeaseGranted Granted(string node) =>
        Of(node) is { } lease
            ? new LeaseGranted
            {
                Node = node,
                First = lease.First,
                Last = lease.Last,
            }
            : new LeaseGranted { Node = node };

    private static RangeLeased Lease(string node, long first, long count, long now) =>
        new()
        {
            Node = node,
            First = first,
            Last = Segments.Last(Segments.Of(checked(first + count - 1))),
            At = now,
        };
}
