using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Reads the submissions of one slice that a segment has, the newest first.</summary>
internal sealed class SingleRows : IDisposable
{
    private readonly DbCommand _command;
    private readonly DbParameter _from;
    private readonly DbParameter _to;
    private readonly DbParameter _limit;

    public SingleRows(DbConnection connection, SliceFilter filter)
    {
        _command = connection.CreateCommand();
        _command.CommandText = $"""
            SELECT {SliceColumns.Names} FROM slices
            WHERE first BETWEEN @from AND @to AND NOT {IndexTables.Spanning}
            {LabelsAs(_command, filter)} {FailedAs(filter)}
            AND {IndexTables.NotAllDeleted} AND ({filter.Sql})
            ORDER BY first DESC LIMIT @limit
            """;
        _from = _command.Add("@from");
        _to = _command.Add("@to");
        _limit = _command.Add("@limit");
        IndexReader.AddParameters(_command, filter);
    }

    /// <param name="before">Only submissions with a lower first jid.</param>
    public IEnumerable<JobRow> Read(long segment, long before, int limit)
    {
        _from.Value = Segments.First(segment);
        _to.Value = Math.Min(Segments.Last(segment), before - 1);
        _limit.Value = limit;
        return SliceColumns.Read(_command).Select(Row);
    }

    public void Dispose() => _command.Dispose();

    /// <summary>A condition in the form of the index of labels, with its parameters; empty: any
    /// label will do.</summary>
    public static string LabelsAs(DbCommand command, SliceFilter filter)
    {
        if (filter.Labels is not { } labels)
            return "";
        for (var at = 0; at < labels.Count; at++)
            command.Add($"@label{at}", labels[at]);
        var names = string.Join(
            ", ",
            Enumerable.Range(0, labels.Count).Select(at => $"@label{at}")
        );
        return $"AND label IN ({names}) AND label <> ''";
    }

    /// <summary>The same in the form of the indexes of failed jobs. It holds for slices of
    /// submissions of one slice.</summary>
    public static string FailedAs(SliceFilter filter) =>
        filter.NeedsFailed ? $"AND {IndexTables.Failed} > 0" : "";

    public static JobRow Row(FeedSlice whole) =>
        RowBuilder.Submission(whole.SubmissionFirst, whole.SubmissionLast, [whole.Row])!;
}
