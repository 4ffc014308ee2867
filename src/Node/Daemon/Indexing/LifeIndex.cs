using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Finds when jobs ran, the newest first. It reads a bounded number of segments at a time,
/// and only those that may have a job of the period.</summary>
internal sealed class LifeIndex(DbConnection connection)
{
    /// <summary>The segments that one answer examines: others wait for the index
    /// meanwhile.</summary>
    public const int SegmentsAtOnce = 16;

    /// <summary>Maximum number of slices of submissions of several segments.</summary>
    private const int MaxSpanning = 10_000;

    private const string InPeriod =
        "(finished = 0 OR finished >= @from) AND created < @until AND "
        + IndexTables.NotAllDeleted
        + " AND (@owner IS NULL OR owner = @owner)";

    private const string Columns =
        "first, last, created, started, finished, done, error, " + IndexTables.Unfinished;

    public LivesFound Read(FindLives find)
    {
        var slices = new List<SliceLife>();
        var cutAt = 0L;
        if (find.Before is null)
            cutAt = ReadSpanning(find, slices);
        var segments = Candidates(find);
        using var command = Command(
            find,
            $"""
            SELECT {Columns} FROM slices
            WHERE first BETWEEN @first AND @last AND NOT {IndexTables.Spanning} AND {InPeriod}
            """
        );
        var (first, last) = (command.Add("@first"), command.Add("@last"));
        foreach (var segment in segments)
        {
            (first.Value, last.Value) = (Segments.First(segment), Segments.Last(segment));
            slices.AddRange(Slices(command));
        }
        return new LivesFound(
            slices,
            segments.Count == SegmentsAtOnce ? segments[^1] : null,
            cutAt
        );
    }

    /// <returns>The lowest jid that was read; 0: all were.</returns>
    private long ReadSpanning(FindLives find, List<SliceLife> slices)
    {
        using var command = Command(
            find,
            $"""
            SELECT {Columns} FROM slices INDEXED BY slices_spanning
            WHERE {IndexTables.Spanning} AND submission_first > 0 AND {InPeriod}
            ORDER BY submission_first DESC LIMIT {MaxSpanning}
            """
        );
        slices.AddRange(Slices(command));
        return slices.Count == MaxSpanning ? slices.Min(slice => slice.First) : 0;
    }

    /// <summary>The segments that may have a job of the period, the newest first.</summary>
    private List<long> Candidates(FindLives find)
    {
        using var command = Command(
            find,
            $"""
            SELECT segment FROM segments
            WHERE segment < @before AND {SegmentSummary.HasSingles}
            AND (unfinished > 0 OR {SegmentSummary.High("finished")} >= @from)
            AND {SegmentSummary.Low("created")} < @until
            ORDER BY segment DESC LIMIT {SegmentsAtOnce}
            """
        );
        command.Add("@before", find.Before ?? long.MaxValue);
        var segments = new List<long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            segments.Add(reader.GetInt64(0));
        return segments;
    }

    private DbCommand Command(FindLives find, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Add("@from", find.From);
        command.Add("@until", find.Until);
        command.Add("@owner", find.Owner);
        return command;
    }

    private static IEnumerable<SliceLife> Slices(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (done, error, unfinished) = (
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.GetInt64(7)
            );
            yield return new SliceLife(
                reader.GetInt64(0),
                reader.GetInt64(1),
                new JobLife(
                    reader.GetInt64(2),
                    reader.GetInt64(3),
                    reader.GetInt64(4),
                    done > 0 ? Status.Done : Status.Error
                ),
                done,
                error,
                unfinished
            );
        }
    }
}
