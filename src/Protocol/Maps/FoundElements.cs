using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Maps;

/// <summary>The jobs of a map that match a query, gathered in ascending order of their
/// jids.</summary>
public sealed class FoundElements(BoundQuery query)
{
    private readonly IReadOnlyList<BoundSortKey> _keys =
    [
        .. query.Sort.Take(ElementsReader.MaxKeys),
    ];
    private readonly List<long> _jids = [];
    private readonly List<long> _ranks = [];
    private readonly List<string> _texts = [];

    public void Add(ElementsRead read)
    {
        if (read.Ranks.Count != read.Found.Count * _keys.Count)
            return;
        _jids.AddRange(read.Found);
        _ranks.AddRange(read.Ranks);
        if (_keys.Any(key => key.Field is RowField.Text))
            _texts.AddRange(read.Texts);
    }

    /// <summary>Writes the jids in the query's order, up to its limit, each less the one
    /// before.</summary>
    /// <param name="before">What the first one is less.</param>
    public void Write(ICollection<long> found, long before)
    {
        var order = new int[_jids.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        if (_keys.Count > 0)
            Array.Sort(order, Compare);
        foreach (var place in order.Take(query.Limit ?? int.MaxValue))
        {
            found.Add(_jids[place] - before);
            before = _jids[place];
        }
    }

    private int Compare(int a, int b)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var (x, y) = (a * _keys.Count + i, b * _keys.Count + i);
            var order =
                _keys[i].Field is RowField.Text
                    ? QueryEvaluator.Compare(_keys[i], _texts[x], _texts[y])
                    : QueryEvaluator.Compare(_keys[i], Rank(x), Rank(y));
            if (order != 0)
                return order;
        }
        return a.CompareTo(b);
    }

    private long? Rank(int place) => _ranks[place] == long.MinValue ? null : _ranks[place];
}
