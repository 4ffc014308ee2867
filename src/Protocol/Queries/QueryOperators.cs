using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>A comparison operator.</summary>
public enum QueryOperator
{
    Equal,
    NotEqual,
    Contains,
    NotContains,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>The operators that fields support.</summary>
public static class QueryOperators
{
    private static readonly QueryOperator[] All = Enum.GetValues<QueryOperator>();
    private static readonly QueryOperator[] Equality = All[..2];
    private static readonly QueryOperator[] Order = All[4..];

    public static IReadOnlyList<QueryOperator> Of(RowField field) =>
        field switch
        {
            RowField.Text => All[..4],
            RowField.Number => [.. Equality, .. Order],
            RowField.Statuses => Equality,
            _ => Order,
        };

    /// <summary>The operators of a field as written, separated by spaces.</summary>
    public static string Format(RowField field) =>
        string.Join(' ', Of(field).Select(sign => QueryPrinter.Signs[(int)sign]));
}
