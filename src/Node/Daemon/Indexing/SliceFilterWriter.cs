using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Translates a query to a condition on slices, or on submissions, whose slices are
/// folded.</summary>
/// <param name="alone">True to test single jobs of a slice; false to test a
/// submission.</param>
internal sealed class SliceFilterWriter(long now, bool alone, List<object> parameters)
    : FilterWriter(parameters)
{
    private const string Single = "submission_first = submission_last";
    private const string Jobs = "(submission_last - submission_first + 1)";

    protected override string Of(BoundNode.Test test, bool negated) =>
        alone ? OfEachJob(test, negated) : OfSubmission(test, negated);

    private string OfEachJob(BoundNode.Test test, bool negated)
    {
        var field = test.Field;
        if (field == RowFields.Jid && !negated)
            return Numbers(test, "first", "last");
        if (field == RowFields.Status && (Status)test.Operand.Number is var status)
            return negated ? $"NOT ({IndexTables.Size} = {CountOf(status)})" : Column(status);
        return field.Columns is [{ Fold: Fold.Shared }] ? OfSubmission(test, negated) : Anything;
    }

    private string OfSubmission(BoundNode.Test test, bool negated) =>
        Holds(test) is { } holds ? Signed(holds, negated) : Anything;

    /// <summary>Returns the condition; null if SQL cannot express it.</summary>
    private string? Holds(BoundNode.Test test)
    {
        var field = test.Field;
        if (field == RowFields.Jid)
            return Numbers(test, "submission_first", "submission_last");
        if (field == RowFields.Jobs)
            return Numbers(test, Jobs, Jobs);
        if (field == RowFields.Status)
            return Column((Status)test.Operand.Number);
        if (field == RowFields.Failed)
            return Numbers(test, IndexTables.Failed, IndexTables.Failed);
        if (field is RowField.Duration)
            return Runtime(test);
        if (field.Columns is not [var column])
            return null;
        return field switch
        {
            RowField.Text => Text(test, ValueOf(column, "''")),
            RowField.Number => Numbers(test, ValueOf(column, "0"), ValueOf(column, "0")),
            RowField.Instant => Instant(test, ValueOf(column, "0")),
            _ => null,
        };
    }

    /// <summary>The row of a map lacks what only single jobs have.</summary>
    private static string ValueOf(RowColumn column, string none) =>
        column.Fold == Fold.Single
            ? $"CASE WHEN {Single} THEN {column.Name} ELSE {none} END"
            : column.Name;

    private string? Text(BoundNode.Test test, string value)
    {
        var text = test.Operand.Text;
        if (test.Operator != QueryOperator.Contains)
            return $"{value} = {Add(text)}";
        // SQLite folds the case of ASCII characters only.
        if (!text.All(char.IsAscii))
            return null;
        var escaped = text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_");
        return $"lower({value}) LIKE {Add($"%{escaped.ToLowerInvariant()}%")} ESCAPE '!'";
    }

    private static string Column(Status status) => $"{CountOf(status)} > 0";

    /// <summary>Returns the number of jobs in this status.</summary>
    private static string CountOf(Status status) =>
        status is >= Status.Waiting and <= Status.Stalled ? SliceColumns.CountOf(status) : "0";

    private string Instant(BoundNode.Test test, string value)
    {
        var limit = test.Operand.Ago ? now - test.Operand.Number : test.Operand.Number;
        return $"({value} > 0 AND {value} {SignOf(test.Operator)} {Add(limit)})";
    }

    private string Runtime(BoundNode.Test test)
    {
        var end = $"CASE WHEN finished > 0 THEN finished ELSE {Add(now)} END";
        var length = $"max(0, {end} - started)";
        return $"(started > 0 AND {Numbers(test, length, length)})";
    }
}
