using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>The elements of a map: its zipped columns and the number of jobs.</summary>
public sealed record MapPlan(IReadOnlyList<MapColumn> Columns, long Count)
{
    /// <summary>Zips columns of equal length and repeats them all <paramref name="copies"/>
    /// times.</summary>
    public static Parsed<MapPlan> Zip(IReadOnlyList<MapColumn> columns, long copies = 1)
    {
        if (copies < 1)
            return Error($"The number of copies must be at least 1 (got {copies}).");
        if (columns.Count == 0)
        {
            return copies > 1
                ? new MapPlan(columns, copies)
                : Error("A map needs values or at least 2 copies.");
        }
        if (columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return Error($"The parameter '{twice.Key}' is given twice; give it once.");
        var first = columns[0];
        var length = MapColumns.Length(first);
        foreach (var column in columns)
        {
            if (MapColumns.Length(column) != length)
            {
                return Error(
                    $"All parameters of a map need the same number of values, but '{first.Name}' has "
                        + $"{length} and '{column.Name}' has {MapColumns.Length(column)}."
                );
            }
        }
        return length <= long.MaxValue / copies
            ? new MapPlan(columns, length * copies)
            : Error($"{length} values times {copies} copies are too many jobs.");
    }

    private static TextError Error(string message) => new(0, 0, message);
}
