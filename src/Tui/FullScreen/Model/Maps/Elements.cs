using System.Collections;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model.Maps;

/// <summary>The jobs of a map that match a query, in its order. All jids are known; rows are there
/// once they have been read.</summary>
/// <param name="rows">The rows read so far, by jid.</param>
internal sealed class Elements(IReadOnlyList<long> jids, IReadOnlyDictionary<long, JobRow> rows)
    : IReadOnlyList<JobRow>,
        IKeyedRows<long>
{
    public static Elements None { get; } = new([], new Dictionary<long, JobRow>());

    private readonly bool _isAscending = IsAscending(jids);

    public int Count => jids.Count;

    public JobRow this[int index] => RowOf(jids[index]);

    public long KeyAt(int place) => jids[place];

    public int? PlaceOf(long jid)
    {
        if (!_isAscending)
        {
            for (var i = 0; i < jids.Count; i++)
                if (jids[i] == jid)
                    return i;
            return null;
        }
        var (low, high) = (0, jids.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (jids[middle] == jid)
                return middle;
            if (jids[middle] < jid)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>The row of a job; one that has not been read has only its jid.</summary>
    public JobRow RowOf(long jid) =>
        rows.GetValueOrDefault(jid) ?? new JobRow { First = jid, Last = jid };

    public IEnumerator<JobRow> GetEnumerator() => jids.Select(RowOf).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The jids of a reply, which has each less the one before.</summary>
    public static long[] Jids(MapReply reply)
    {
        var jids = new long[reply.Found.Count];
        var jid = reply.First;
        for (var i = 0; i < jids.Length; i++)
            jids[i] = jid += reply.Found[i];
        return jids;
    }

    private static bool IsAscending(IReadOnlyList<long> jids)
    {
        for (var i = 1; i < jids.Count; i++)
            if (jids[i] <= jids[i - 1])
                return false;
        return true;
    }
}
