using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>How a field is compared.</summary>
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

/// <summary>The operators that fields take.</summary>
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

    /// <summary>As they are written, with blanks between them.</summary>
    public static string Written(RowField field) =>
        string.Join(' ', Of(field).Select(sign => QueryPrinter.Signs[(int)sign]));
}
