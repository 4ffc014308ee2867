using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Translates a query to a condition on the segments that may have a matching submission
/// of one slice (<see cref="SegmentSummary"/>).</summary>
internal sealed class SegmentFilterWriter(long now, List<object> parameters)
    : FilterWriter(parameters)
{
    private static readonly string LowestJid = $"(segment << {Segments.Shift})";
    private static readonly string HighestJid = $"({LowestJid} + {Segments.Size - 1})";

    protected override string Of(BoundNode.Test test, bool negated)
    {
        var field = test.Field;
        if (field == RowFields.Status)
            return OfStatus((Status)test.Operand.Number, negated);
        if (field == RowFields.Jid && !negated)
            return Numbers(test, LowestJid, HighestJid);
        if (field == RowFields.Failed && !negated)
            return OfFailed(test);
        if (
            (field == RowFields.Label || field == RowFields.Command)
            && test.Operator == QueryOperator.Contains
            && !negated
        )
            return HasTrigrams(test.Operand.Text);
        if (field is RowField.Duration && !negated)
            return OfRuntime(test);
        if (field.Columns is not [var column])
            return Anything;
        return field switch
        {
            RowField.Text when !negated && test.Operator == QueryOperator.Equal => HasMark(
                column,
                test.Operand.Text
            ),
            RowField.Number when SegmentSummary.HasRange(column) => OfNumber(
                test,
                SegmentSummary.Low(column.Name),
                SegmentSummary.High(column.Name),
                negated
            ),
            RowField.Instant when SegmentSummary.HasRange(column) && !negated => OfInstant(
                test,
                SegmentSummary.Low(column.Name),
                SegmentSummary.High(column.Name)
            ),
            _ => Anything,
        };
    }

    private string HasMark(RowColumn column, string text) =>
        $"({SegmentSummary.Marks(column.Name)} & {Add(SegmentSummary.MarkOf(text))}) <> 0";

    /// <summary>Only the case of ASCII characters is folded.</summary>
    private string HasTrigrams(string text) =>
        text.All(char.IsAscii) && TextTrigrams.CanFind(text)
            ? $"{TextTrigrams.HasAll}({SegmentSummary.Trigrams}, {Add(TextTrigrams.Of([text]))})"
            : Anything;

    /// <summary>The runtime of an unfinished job grows.</summary>
    private string OfRuntime(BoundNode.Test test)
    {
        var ended = Numbers(
            test,
            SegmentSummary.Low(SegmentSummary.Runtime),
            SegmentSummary.High(SegmentSummary.Runtime)
        );
        return $"({IndexTables.Unfinished} > 0 OR {ended})";
    }

    /// <summary>A submission that a list shows has a job that is not deleted.</summary>
    private static string OfStatus(Status status, bool negated)
    {
        var others = Enumerable
            .Range(1, Statuses.Count - 1)
            .Where(other => other != (int)status)
            .Select(other => SliceColumns.CountOf((Status)other));
        if (negated)
            return $"({string.Join(" + ", others)}) > 0";
        return status is >= Status.Waiting and <= Status.Stalled
            ? $"{SliceColumns.CountOf(status)} > 0"
            : Nothing;
    }

    /// <summary>A segment has at least as many failed jobs as each of its submissions.</summary>
    private string OfFailed(BoundNode.Test test) =>
        test.Operator switch
        {
            QueryOperator.Less or QueryOperator.LessOrEqual => Anything,
            QueryOperator.Greater => $"{IndexTables.Failed} > {Add(test.Operand.Number)}",
            _ => $"{IndexTables.Failed} >= {Add(test.Operand.Number)}",
        };

    private string OfNumber(BoundNode.Test test, string low, string high, bool negated)
    {
        if (!negated)
            return Numbers(test, low, high);
        var number = Add(test.Operand.Number);
        return test.Operator switch
        {
            QueryOperator.Less => $"{high} >= {number}",
            QueryOperator.LessOrEqual => $"{high} > {number}",
            QueryOperator.Greater => $"{low} <= {number}",
            QueryOperator.GreaterOrEqual => $"{low} < {number}",
            _ => $"({low} <> {number} OR {high} <> {number})",
        };
    }

    private string OfInstant(BoundNode.Test test, string low, string high)
    {
        var limit = Add(test.Operand.Ago ? now - test.Operand.Number : test.Operand.Number);
        return test.Operator switch
        {
            QueryOperator.Less or QueryOperator.LessOrEqual =>
                $"{low} {SignOf(test.Operator)} {limit}",
            QueryOperator.Greater or QueryOperator.GreaterOrEqual =>
                $"{high} {SignOf(test.Operator)} {limit}",
            _ => $"({low} <= {limit} AND {high} >= {limit})",
        };
    }
}
