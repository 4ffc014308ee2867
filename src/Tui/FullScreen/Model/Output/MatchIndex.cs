using JobCloud.Protocol.Outputs;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The numbers of the complete lines of a log that match a pattern, built
/// incrementally.</summary>
internal sealed class MatchIndex(LineLog log, LinePattern pattern)
{
    private readonly Deque<long> _matches = new();
    private long _from = log.Complete;
    private long _until = log.Complete;

    public LinePattern Pattern { get; } = pattern;
    public int Count => _matches.Count;

    /// <summary>Whether all complete lines have been searched.</summary>
    public bool IsWhole => _from <= log.First && _until >= log.Complete;

    /// <summary>The number of the i-th match, oldest first.</summary>
    public long this[int index] => _matches[_matches.First + index];

    /// <summary>Searches a number of further lines, the newest first.</summary>
    public void Extend(int lines)
    {
        Trim();
        for (; _until < log.Complete && lines > 0; lines--, _until++)
            if (Pattern.IsIn(log[_until].Text))
                _matches.AddLast(_until);
        for (; _from > log.First && lines > 0; lines--)
            if (Pattern.IsIn(log[--_from].Text))
                _matches.AddFirst(_from);
    }

    /// <summary>The number of matches before a line.</summary>
    public int Before(long number)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    // Removes lines that the log no longer holds.
    private void Trim()
    {
        while (Count > 0 && this[0] < log.First)
            _matches.RemoveFirst();
        while (Count > 0 && this[Count - 1] >= log.Complete)
            _matches.RemoveLast();
        _from = Math.Clamp(_from, log.First, log.Complete);
        _until = Math.Clamp(_until, _from, log.Complete);
    }
}
