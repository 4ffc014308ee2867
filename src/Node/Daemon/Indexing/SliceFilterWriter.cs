using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Translates a query to SQL, as far as slices have the data.</summary>
/// <param name="alone">True to test single jobs of a slice; false to test its whole
/// submission.</param>
internal sealed class SliceFilterWriter(long now, bool alone)
{
    private const string Anything = "1 = 1";
    private const string Nothing = "1 = 0";
    private const string Map = "submission_first <> submission_last";
    private const string Jobs = "(submission_last - submission_first + 1)";

    private readonly List<object> _parameters = [];

    public SliceFilter Write(BoundNode? filter, string? owner)
    {
        var owned = owner is null ? Anything : $"owner = {Add(owner)}";
        var sql = filter is null ? Anything : Write(filter, negated: false);
        return new SliceFilter($"{owned} AND {sql}", _parameters);
    }

    /// <summary>Pushes negations down to the tests: only a test knows which conditions it cannot
    /// decide.</summary>
    private string Write(BoundNode node, bool negated) =>
        node switch
        {
            BoundNode.Not not => Write(not.Part, !negated),
            BoundNode.All all => negated
                ? Join(all.Parts, " OR ", Nothing, negated)
                : Join(all.Parts, " AND ", Anything, negated),
            BoundNode.Any any => negated
                ? Join(any.Parts, " AND ", Anything, negated)
                : Join(any.Parts, " OR ", Nothing, negated),
            BoundNode.Test test when alone => OfEachJob(test, negated),
            _ => OfSubmission((BoundNode.Test)node, negated),
        };

    private string Join(
        IReadOnlyList<BoundNode> parts,
        string separator,
        string empty,
        bool negated
    ) =>
        parts.Count == 0
            ? empty
            : $"({string.Join(separator, parts.Select(part => Write(part, negated)))})";

    private string OfEachJob(BoundNode.Test test, bool negated)
    {
        var field = test.Field;
        if (field == RowFields.Jid && !negated)
            return Numbers(test, "first", "last");
        if (field == RowFields.Status && (Status)test.Operand.Number is var status)
            return negated ? $"NOT ({IndexTables.Size} = {CountOf(status)})" : Column(status);
        return field.Columns is [{ Fold: Fold.Shared }] ? OfSubmission(test, negated) : Anything;
    }

    private string OfSubmission(BoundNode.Test test, bool negated)
    {
        var field = test.Field;
        if (field == RowFields.Jid)
            return Signed(Numbers(test, "submission_first", "submission_last"), negated);
        if (field == RowFields.Jobs)
            return Signed(Numbers(test, Jobs, Jobs), negated);
        if (field == RowFields.Status)
            return OfStatus((Status)test.Operand.Number, negated);
        if (field == RowFields.Failed)
            return OfSingle(Numbers(test, IndexTables.Failed, IndexTables.Failed), negated);
        if (field.Columns is not [var column] || Holds(test, column.Name) is not { } holds)
            return Anything;
        // The slices of a map can differ and must be taken together.
        return column.Fold == Fold.Shared ? Signed(holds, negated) : OfSingle(holds, negated);
    }

    /// <summary>Returns a condition on a column; null if SQL cannot express it.</summary>
    private string? Holds(BoundNode.Test test, string column) =>
        test.Field switch
        {
            RowField.Text => Text(test, column),
            RowField.Number => Numbers(test, column, column),
            RowField.Instant => Instant(test, column),
            _ => null,
        };

    private string? Text(BoundNode.Test test, string column)
    {
        var text = test.Operand.Text;
        if (test.Operator != QueryOperator.Contains)
            // Has the form of the partial index of labels.
            return test.Field == RowFields.Label && text.Length > 0
                ? $"({column} = {Add(text)} AND {column} <> '')"
                : $"{column} = {Add(text)}";
        // SQLite folds the case of ASCII characters only.
        if (!text.All(char.IsAscii))
            return null;
        var escaped = text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_");
        return $"lower({column}) LIKE {Add($"%{escaped.ToLowerInvariant()}%")} ESCAPE '!'";
    }

    private static string OfStatus(Status status, bool negated)
    {
        if (negated)
            return OfSingle(Column(status), negated);
        return status switch
        {
            // These conditions match the partial indexes of unfinished and of failed slices.
            Status.Waiting or Status.Queued or Status.Processing =>
                $"({IndexTables.Unfinished} > 0 AND {Column(status)})",
            Status.Error or Status.Killed or Status.Stalled =>
                $"({IndexTables.Failed} > 0 AND {Column(status)})",
            _ => Column(status),
        };
    }

    private static string Column(Status status) => $"{CountOf(status)} > 0";

    /// <summary>Returns the number of jobs in this status.</summary>
    private static string CountOf(Status status) =>
        status is >= Status.Waiting and <= Status.Stalled ? SliceColumns.CountOf(status) : "0";

    private string Instant(BoundNode.Test test, string column)
    {
        var limit = test.Operand.Ago ? now - test.Operand.Number : test.Operand.Number;
        return $"({column} > 0 AND {column} {SignOf(test.Operator)} {Add(limit)})";
    }

    /// <summary>If a row has several numbers, one of them must match.</summary>
    private string Numbers(BoundNode.Test test, string low, string high)
    {
        var number = Add(test.Operand.Number);
        return test.Operator switch
        {
            QueryOperator.Less or QueryOperator.LessOrEqual =>
                $"{low} {SignOf(test.Operator)} {number}",
            QueryOperator.Greater or QueryOperator.GreaterOrEqual =>
                $"{high} {SignOf(test.Operator)} {number}",
            _ => $"({low} <= {number} AND {high} >= {number})",
        };
    }

    private static string SignOf(QueryOperator sign) =>
        sign switch
        {
            QueryOperator.Less => "<",
            QueryOperator.LessOrEqual => "<=",
            QueryOperator.Greater => ">",
            _ => ">=",
        };

    private static string OfSingle(string sql, bool negated) =>
        $"({Map} OR {Signed(sql, negated)})";

    private static string Signed(string sql, bool negated) => negated ? $"NOT ({sql})" : sql;

    private string Add(object value)
    {
        _parameters.Add(value);
        return $"@p{_parameters.Count - 1}";
    }
}
