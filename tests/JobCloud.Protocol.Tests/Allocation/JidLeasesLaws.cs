using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Allocation;

public sealed class JidLeasesLaws
{
    public static Arbitrary<LeaseRequest> Requests() =>
        (
            from node in Gen.Elements("n1", "n2", "n3")
            from after in Gen.Choose(0, 20_000)
            from count in Gen.Frequency((3, Gen.Choose(1, 10)), (1, Gen.Choose(-1, 5000)))
            select new LeaseRequest
            {
                Node = node,
                After = after,
                Count = count,
            }
        ).ToArbitrary();

    [Property(Arbitrary = [typeof(JidLeasesLaws)])]
    public void Leases_of_two_nodes_never_overlap(LeaseRequest[] requests)
    {
        var owners = new Dictionary<long, string>();
        foreach (var leased in Fold(requests).Events)
            for (
                var segment = Segments.Of(leased.First);
                segment <= Segments.Of(leased.Last);
                segment++
            )
            {
                owners.TryAdd(segment, leased.Node);
                Assert.Equal(owners[segment], leased.Node);
            }
    }

    [Property(Arbitrary = [typeof(JidLeasesLaws)])]
    public void Leases_are_whole_segments(LeaseRequest[] requests) =>
        Assert.All(
            Fold(requests).Events,
            leased =>
            {
                Assert.Equal(Segments.First(Segments.Of(leased.First)), leased.First);
                Assert.Equal(Segments.Last(Segments.Of(leased.Last)), leased.Last);
            }
        );

    [Property(Arbitrary = [typeof(JidLeasesLaws)])]
    public void A_request_is_granted_and_repeating_it_records_nothing(LeaseRequest[] requests)
    {
        var leases = JidLeases.None;
        foreach (var request in requests)
        {
            // A node cannot have assigned more than its lease.
            request.After = Math.Min(request.After, leases.Of(request.Node)?.Last ?? 0);
            if (leases.Decide(request, now: 1) is { } leased)
                leases = leases.Evolve(leased);
            Assert.Null(leases.Decide(request, now: 2));
            if (request.Count <= 0)
                continue;
            var granted = leases.Granted(request.Node);
            var used = Math.Max(request.After, granted.First - 1);
            Assert.True(granted.Last - used >= request.Count);
        }
    }

    [Property(Arbitrary = [typeof(JidLeasesLaws)])]
    public void A_single_node_gets_all_jids_from_1(LeaseRequest[] requests)
    {
        foreach (var request in requests)
            request.Node = "n1";
        foreach (var leased in Fold(requests).Events)
            Assert.Equal(1, leased.First);
    }

    [Property(Arbitrary = [typeof(JidLeasesLaws)])]
    public void Replay_restores_all_leases(LeaseRequest[] requests)
    {
        var (leases, events) = Fold(requests);
        var recovered = events.Aggregate(JidLeases.None, (state, leased) => state.Evolve(leased));
        foreach (var node in new[] { "n1", "n2", "n3" })
            Assert.Equal(leases.Granted(node), recovered.Granted(node));
        Assert.Equal(leases.Last, recovered.Last);
    }

    private static (JidLeases Leases, List<RangeLeased> Events) Fold(LeaseRequest[] requests)
    {
        var (leases, events) = (JidLeases.None, new List<RangeLeased>());
        foreach (var request in requests)
            if (leases.Decide(request, now: 1) is { } leased)
            {
                events.Add(leased);
                leases = leases.Evolve(leased);
            }
        return (leases, events);
    }
}
