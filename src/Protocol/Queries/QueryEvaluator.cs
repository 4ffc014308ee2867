using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>Runs queries on rows.</summary>
public static class QueryEvaluator
{
    /// <summary>The matching rows in the query's order, up to its limit.</summary>
    public static List<JobRow> Run(BoundQuery query, IEnumerable<JobRow> rows, long now)
    {
        var matching = rows.Where(row => Matches(query, row, now)).ToList();
        Sort(query, matching, now);
        if (query.Limit is { } limit && limit < matching.Count)
            matching.RemoveRange(limit, matching.Count - limit);
        return matching;
    }

    public static bool Matches(BoundQuery query, JobRow row, long now) =>
        query.Filter is null || Matches(query.Filter, row, now);

    public static bool Matches(BoundNode node, JobRow row, long now)
    {
        switch (node)
        {
            case BoundNode.All all:
                foreach (var part in all.Parts)
                {
                    if (!Matches(part, row, now))
                        return false;
                }
                return true;
            case BoundNode.Any any:
                foreach (var part in any.Parts)
                {
                    if (Matches(part, row, now))
                        return true;
                }
                return false;
            case BoundNode.Not not:
                return !Matches(not.Part, row, now);
            default:
                return Holds((BoundNode.Test)node, row, now);
        }
    }

    /// <summary>Sorts by the query's keys, then newest first.</summary>
    public static void Sort(BoundQuery query, List<JobRow> rows, long now) =>
        rows.Sort((a, b) => Compare(query, a, b, now));

    /// <summary>Negative: <paramref name="a"/> comes first.</summary>
    public static int Compare(BoundQuery query, JobRow a, JobRow b, long now)
    {
        foreach (var key in query.Sort)
        {
            var order = Compare(key, a, b, now);
            if (order != 0)
                return order;
        }
        return b.First.CompareTo(a.First);
    }

    private static bool Holds(BoundNode.Test test, JobRow row, long now)
    {
        var operand = test.Operand;
        switch (test.Field)
        {
            case RowField.Text field:
                return test.Operator == QueryOperator.Contains
                    ? field.Get(row).Contains(operand.Text, StringComparison.OrdinalIgnoreCase)
                    : field.Get(row) == operand.Text;
            case RowField.Number field:
                return Holds(test.Operator, field.Get(row), operand.Number);
            case RowField.Statuses:
                return RowField.Statuses.Has(row, (Status)operand.Number);
            case RowField.Instant field:
                var at = field.Get(row);
                var limit = operand.Ago ? now - operand.Number : operand.Number;
                return at > 0 && Holds(test.Operator, (at, at), limit);
            case RowField.Duration field:
                return field.Get(row, now) is { } length
                    && Holds(test.Operator, (length, length), operand.Number);
            default:
                return false;
        }
    }

    // If a row has several numbers, one must match.
    private static bool Holds(QueryOperator sign, (long Low, long High) numbers, long limit) =>
        sign switch
        {
            QueryOperator.Less => numbers.Low < limit,
            QueryOperator.LessOrEqual => numbers.Low <= limit,
            QueryOperator.Greater => numbers.High > limit,
            QueryOperator.GreaterOrEqual => numbers.High >= limit,
            _ => numbers.Low <= limit && limit <= numbers.High,
        };

    private static int Compare(BoundSortKey key, JobRow a, JobRow b, long now) =>
        key.Field is RowField.Text text
            ? Compare(key, text.Get(a), text.Get(b))
            : Compare(key, Rank(key.Field, a, now), Rank(key.Field, b, now));

    /// <summary>Compares two texts; missing values come last in both directions.</summary>
    public static int Compare(BoundSortKey key, string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return (a.Length == 0).CompareTo(b.Length == 0);
        var order = string.CompareOrdinal(a, b);
        return key.Descending ? -Math.Sign(order) : order;
    }

    /// <summary>Compares two ranks; missing values come last in both directions.</summary>
    public static int Compare(BoundSortKey key, long? a, long? b)
    {
        if (a is null || b is null)
            return (a is null).CompareTo(b is null);
        return key.Descending ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
    }

    /// <summary>The sort rank of a row; null: it has no value, or the field is a text.</summary>
    public static long? Rank(RowField field, JobRow row, long now) =>
        field switch
        {
            RowField.Number number => number.Get(row).Low,
            RowField.Instant instant => instant.Get(row) is > 0 and var at ? at : null,
            RowField.Duration duration => duration.Get(row, now),
            RowField.Statuses => RowField.Statuses.First(row) is > Status.Unspecified and var status
                ? (long)status
                : null,
            _ => null,
        };
}
