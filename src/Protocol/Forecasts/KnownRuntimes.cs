using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Runtimes of done jobs. What is expected of a job comes from the elements of its own
/// map, else from the owner's jobs with its label, else from those with its command.</summary>
public sealed class KnownRuntimes
{
    private readonly record struct Key(RuntimeBasis Basis, string Owner, string Text, long Map);

    /// <summary>Runtimes kept for each key, those that are added first.</summary>
    public const int MaxSamples = 200;

    private readonly Dictionary<Key, List<long>> _runtimes = [];

    /// <summary>Adds a done job.</summary>
    /// <param name="row">The row of its submission.</param>
    public void Add(JobRow row, long runtimeUs)
    {
        foreach (var key in KeysOf(row))
        {
            if (!_runtimes.TryGetValue(key, out var all))
                _runtimes.Add(key, all = []);
            if (all.Count < MaxSamples)
                all.Insert(IndexOf(all, runtimeUs), runtimeUs);
        }
    }

    /// <summary>The runtimes to expect of a job of a submission.</summary>
    public RuntimeSample Of(JobRow row)
    {
        foreach (var key in KeysOf(row))
            if (_runtimes.TryGetValue(key, out var all))
                return new RuntimeSample(key.Basis, all);
        return RuntimeSample.Unknown;
    }

    private static int IndexOf(List<long> sorted, long value)
    {
        var found = sorted.BinarySearch(value);
        return found < 0 ? ~found : found;
    }

    private static IEnumerable<Key> KeysOf(JobRow row)
    {
        if (row.First < row.Last)
            yield return new Key(RuntimeBasis.Map, "", "", row.First);
        if (row.Label.Length > 0)
            yield return new Key(RuntimeBasis.Label, row.Owner, row.Label, 0);
        if (row.Command.Length > 0)
            yield return new Key(RuntimeBasis.Command, row.Owner, row.Command, 0);
    }
}

/// <summary>Runtimes of done jobs, in µs.</summary>
/// <param name="Sorted">The shortest first.</param>
public sealed record RuntimeSample(RuntimeBasis Basis, IReadOnlyList<long> Sorted)
{
    public static RuntimeSample Unknown { get; } = new(RuntimeBasis.Unknown, []);

    /// <summary>The median; 0: not known.</summary>
    public long Median => MedianFrom(0);

    /// <summary>The time that a job which has run for a while still needs: the median of those that
    /// ran longer; 0: none did, so it is not known.</summary>
    public long Remaining(long elapsed)
    {
        var from = 0;
        while (from < Sorted.Count && Sorted[from] <= elapsed)
            from++;
        return from < Sorted.Count ? MedianFrom(from) - elapsed : 0;
    }

    private long MedianFrom(int from)
    {
        if (from >= Sorted.Count)
            return 0;
        var (low, high) = ((from + Sorted.Count - 1) / 2, (from + Sorted.Count) / 2);
        return Sorted[low] + (Sorted[high] - Sorted[low]) / 2;
    }
}
