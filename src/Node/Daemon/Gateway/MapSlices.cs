using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Finds the maps among selected jobs in the index, whose counts spare the question to
/// each segment of a map.</summary>
internal sealed class MapSlices(IActorRef index, TimeSpan within)
{
    private const int Page = 1_000;

    /// <summary>Maximum number of ranges that are looked up: each is a query.</summary>
    private const int MaxLookUps = 100;

    /// <summary>The parts of a selection, in its order.</summary>
    /// <returns>Null: there are more than <paramref name="most"/>.</returns>
    public async Task<List<StatusPart>?> PartsAsync(
        IReadOnlyList<JidRange> jobs,
        int most,
        Identity by,
        CancellationToken cancel
    )
    {
        var (parts, lookUps) = (new List<StatusPart>(), 0);
        for (var i = 0; i < jobs.Count; i++)
        {
            var slices = new List<MapSlice>();
            if (jobs[i].First < jobs[i].Last && lookUps++ < MaxLookUps)
                if (!await FindAsync(jobs[i], most, by, slices, cancel))
                    return null;
            parts.AddRange(StatusFold.Split(jobs[i], i, slices));
            if (parts.Count > most)
                return null;
        }
        return parts;
    }

    /// <summary>Adds the slices of maps in a range, in ascending order.</summary>
    /// <returns>False: there are more than <paramref name="most"/>.</returns>
    public async Task<bool> FindAsync(
        JidRange range,
        int most,
        Identity by,
        List<MapSlice> slices,
        CancellationToken cancel
    )
    {
        var after = 0L;
        while (slices.Count <= most)
        {
            var find = new FindMapSlices(range, by.IsAdmin ? null : by.User, after, Page);
            var found = await index.Ask<MapSlicesFound>(find, within, cancel);
            slices.AddRange(found.Slices);
            if (found.Slices.Count < Page)
                return true;
            after = slices[^1].First;
        }
        return false;
    }
}
