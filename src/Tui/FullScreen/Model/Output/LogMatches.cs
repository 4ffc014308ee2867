using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The matches that a node has found in a stream, by the offsets of their lines.</summary>
/// <param name="maxHeld">The maximum number of offsets in memory; later matches are only
/// counted.</param>
internal sealed class LogMatches(int maxHeld = LogMatches.MaxHeld)
{
    public const int MaxHeld = 1_000_000;

    private readonly List<long> _offsets = [];
    private int _attempt;
    private long _searched;
    private long _size;
    private bool _hasBegun;
    private bool _hasEnded;

    /// <summary>The number of lines that match, so far.</summary>
    public long Count { get; private set; }

    /// <summary>The number of matches whose place is known.</summary>
    public int Held => _offsets.Count;

    public long this[int index] => _offsets[index];

    public void Take(SearchReply found)
    {
        if (found.Attempt != _attempt)
            Clear();
        foreach (var match in found.Matches)
            if (_offsets.Count < maxHeld)
                _offsets.Add(match.Offset);
        (Count, _attempt, _searched) = (found.Count, found.Attempt, found.Searched);
        (_size, _hasBegun, _hasEnded) = (Math.Max(_size, found.Size), true, found.End);
    }

    public void Clear()
    {
        _offsets.Clear();
        (Count, _searched, _size, _hasBegun, _hasEnded) = (0, 0, 0, false, false);
    }

    /// <summary>Whether the stream has been searched up to an offset, and as far as the node
    /// knows.</summary>
    public bool IsWhole(long until) =>
        _hasEnded || (_hasBegun && _searched >= Math.Max(_size, until));

    /// <summary>The number of known matches before an offset.</summary>
    public int Before(long offset)
    {
        var at = _offsets.BinarySearch(offset);
        return at < 0 ? ~at : at;
    }

    /// <summary>The next match from an offset on, with wrap-around; null: none is known.</summary>
    /// <param name="from">The offset of the current line; it is passed over.</param>
    /// <param name="direction">1: below; -1: above.</param>
    public (long Offset, bool Wrapped)? Next(long from, int direction)
    {
        if (Held == 0)
            return null;
        var at = direction > 0 ? Before(from + 1) : Before(from) - 1;
        var isOutside = at < 0 || at >= Held;
        if (isOutside)
            at = direction > 0 ? 0 : Held - 1;
        return (_offsets[at], isOutside);
    }

    /// <summary>The position in the matches, such as <c>match 12 of 318</c>, and of how much of the
    /// stream that is said.</summary>
    /// <param name="found">The offset of the current match; null: none.</param>
    /// <param name="until">The known end of the stream.</param>
    public string Words(long? found, long until)
    {
        var size = Math.Max(_size, until);
        var part =
            IsWhole(until) ? ""
            : size == 0 ? " so far"
            : string.Create(
                CultureInfo.InvariantCulture,
                $" in {100 * _searched / size}% searched"
            );
        var count = Count.ToString("N0", CultureInfo.InvariantCulture);
        var name = Count == 1 ? "match" : "matches";
        return found is { } line && Before(line) is var at && at < Held && _offsets[at] == line
            ? string.Create(CultureInfo.InvariantCulture, $"match {at + 1:N0} of {count}{part}")
            : $"{count} {name}{part}";
    }
}
