using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Queries;

/// <summary>The first rows of a list, gathered in any order: keeps only as many rows and bytes as
/// its reply may have, twice at most.</summary>
/// <param name="limit">Maximum number of rows of the reply.</param>
/// <param name="maxBytes">Maximum size of the reply.</param>
public sealed class ListedRows(BoundQuery query, long now, int limit, int maxBytes)
{
    /// <summary>Field number and length of a row in the reply, at most.</summary>
    private const int RowOverhead = 8;

    private readonly List<JobRow> _rows = [];
    private long _bytes;
    private bool _isCut;

    /// <summary>The number of rows added.</summary>
    public int Matches { get; private set; }

    /// <summary>Whether no further row can be in the reply, because the rows are added in
    /// order.</summary>
    public bool IsFull => query.Sort.Count == 0 && (_bytes > maxBytes || _rows.Count > limit);

    /// <summary>Whether rows that are not added cannot be in the reply of a query that
    /// sorts.</summary>
    /// <param name="best">The best rank by the first key that one of them may have; null: none has
    /// any.</param>
    /// <param name="newest">The highest first jid that one with that rank may have.</param>
    public bool IsDecided(long? best, long newest)
    {
        // One more than the limit is needed to say that there are more.
        if (Matches <= limit)
            return false;
        Cut();
        if (_rows.Count == 0)
            return false;
        var (key, last) = (query.Sort[0], _rows[^1]);
        var order = QueryEvaluator.Compare(key, QueryEvaluator.Rank(key.Field, last, now), best);
        return order < 0 || (order == 0 && query.Sort.Count == 1 && last.First > newest);
    }

    public void Add(JobRow row)
    {
        Matches++;
        _rows.Add(row);
        _bytes += SizeOf(row);
        if (_rows.Count > 2L * limit + 1 || _bytes > 2L * maxBytes)
            Cut();
    }

    /// <param name="isCut">Whether there are rows that were not added.</param>
    public ListReply Reply(bool isCut)
    {
        Cut();
        return new ListReply { Rows = { _rows }, Truncated = isCut || _isCut };
    }

    private void Cut()
    {
        QueryEvaluator.Sort(query, _rows, now);
        var (count, bytes) = (0, 0L);
        while (
            count < Math.Min(limit, _rows.Count)
            && bytes + SizeOf(_rows[count]) <= maxBytes - RowOverhead
        )
            bytes += SizeOf(_rows[count++]);
        _isCut |= count < _rows.Count;
        _rows.RemoveRange(count, _rows.Count - count);
        _bytes = bytes;
    }

    private static long SizeOf(JobRow row) => row.CalculateSize() + RowOverhead;
}
