using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Finds the jids that a word, a label, a status or a map selects.</summary>
internal sealed class SelectionResolver(DbConnection connection)
{
    /// <param name="Where">Condition for slices with selected jobs.</param>
    /// <param name="Chosen">Number of selected jobs of a slice.</param>
    private sealed record Criterion(string Where, string Chosen, object? Parameter = null);

    private const string NotDeleted = $"{IndexTables.Size} - deleted";

    public SelectionResolved Resolve(ResolveSelection resolve) =>
        resolve.Item.ItemCase switch
        {
            SelectionItem.ItemOneofCase.Range => new SelectionResolved([
                new ResolvedRange(resolve.Item.Range.First, resolve.Item.Range.Last, Exact: true),
            ]),
            SelectionItem.ItemOneofCase.MapOf => SubmissionOf(
                new Jid(resolve.Item.MapOf),
                resolve.Owner
            ),
            SelectionItem.ItemOneofCase.Word => Find(OfWord(resolve.Item.Word), resolve.Owner),
            SelectionItem.ItemOneofCase.Label => Find(
                new Criterion("label = @p AND label <> ''", NotDeleted, resolve.Item.Label),
                resolve.Owner
            ),
            SelectionItem.ItemOneofCase.Status => Find(
                OfStatus(resolve.Item.Status),
                resolve.Owner
            ),
            _ => new SelectionResolved([]),
        };

    private static Criterion? OfWord(SelectionWord word) =>
        word switch
        {
            SelectionWord.All => new Criterion("1 = 1", NotDeleted),
            SelectionWord.Unfinished => new Criterion(
                $"{IndexTables.Unfinished} > 0",
                IndexTables.Unfinished
            ),
            SelectionWord.Failed => new Criterion($"{IndexTables.Failed} > 0", IndexTables.Failed),
            SelectionWord.Last => new Criterion(
                $"""
                submission_first = (SELECT max(submission_first) FROM slices
                    WHERE {IndexTables.NotAllDeleted} AND (@owner IS NULL OR owner = @owner))
                """,
                NotDeleted
            ),
            _ => null,
        };

    private static Criterion? OfStatus(Status status) =>
        status switch
        {
            // These conditions match the partial indexes of unfinished and of failed slices.
            Status.Waiting => Open("waiting"),
            Status.Queued => Open("queued"),
            Status.Processing => Open("processing"),
            Status.Done => new Criterion("done > 0", "done"),
            Status.Error => Failed("error"),
            Status.Killed => Failed("killed"),
            Status.Stalled => Failed("stalled"),
            _ => null,
        };

    private static Criterion Open(string column) =>
        new($"{IndexTables.Unfinished} > 0 AND {column} > 0", column);

    private static Criterion Failed(string column) =>
        new($"{IndexTables.Failed} > 0 AND {column} > 0", column);

    private SelectionResolved Find(Criterion? criterion, string? owner)
    {
        if (criterion is null)
            return new SelectionResolved([]);
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first, last, ({criterion.Chosen}) = {IndexTables.Size} FROM slices
            WHERE {criterion.Where} AND {IndexTables.NotAllDeleted}
            AND (@owner IS NULL OR owner = @owner) ORDER BY first
            """;
        command.Add("@owner", owner);
        if (criterion.Parameter is { } parameter)
            command.Add("@p", parameter);
        var ranges = new List<ResolvedRange>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            Append(ranges, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2) != 0);
        return new SelectionResolved(ranges);
    }

    private static void Append(List<ResolvedRange> ranges, long first, long last, bool exact)
    {
        if (ranges.Count > 0 && ranges[^1].Last + 1 == first && ranges[^1].Exact == exact)
            ranges[^1] = ranges[^1] with { Last = last };
        else
            ranges.Add(new ResolvedRange(first, last, exact));
    }

    /// <summary>Returns the whole map; not exact if some of its jobs were deleted.</summary>
    private SelectionResolved SubmissionOf(Jid jid, string? owner)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT submission_first, submission_last, last, owner, EXISTS (
                SELECT 1 FROM slices AS part WHERE part.deleted > 0
                AND part.first BETWEEN slices.submission_first AND slices.submission_last
            ) FROM slices
            WHERE first <= @jid ORDER BY first DESC LIMIT 1
            """;
        command.Add("@jid", jid.Value);
        using var reader = command.ExecuteReader();
        var found =
            reader.Read()
            && reader.GetInt64(2) >= jid
            && (owner is null || reader.GetString(3) == owner);
        return new SelectionResolved(
            found
                ?
                [
                    new ResolvedRange(
                        reader.GetInt64(0),
                        reader.GetInt64(1),
                        Exact: reader.GetInt64(4) == 0
                    ),
                ]
                : []
        );
    }
}
