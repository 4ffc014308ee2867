using System.Globalization;

namespace JobCloud.Protocol.Queries;

/// <summary>Formats a query so that parsing restores it.</summary>
public static class QueryPrinter
{
    // In the order of QueryOperator.
    internal static readonly string[] Signs = ["=", "!=", "~", "!~", "<", "<=", ">", ">="];

    public static string Print(Query query)
    {
        var parts = new List<string>();
        if (query.Filter is { } filter)
            parts.Add(Print(filter));
        if (query.Sort.Count > 0)
            parts.Add("sort=" + string.Join(',', query.Sort.Select(Print)));
        if (query.Limit is { } limit)
            parts.Add("limit " + limit.ToString(CultureInfo.InvariantCulture));
        return string.Join(' ', parts);
    }

    public static string Print(QueryNode node) =>
        node switch
        {
            QueryNode.All all => string.Join(' ', all.Parts.Select(PrintPart)),
            QueryNode.Any any => string.Join(" or ", any.Parts.Select(PrintPart)),
            QueryNode.Not not => "not " + PrintPart(not.Part),
            QueryNode.Comparison c => c.Field.Text
                + Signs[(int)c.Operator]
                + string.Join(',', c.Values.Select(value => Value(value.Text))),
            QueryNode.Word word => QueryParser.Reserved.Contains(word.Text.Text)
                ? Quote(word.Text.Text)
                : Value(word.Text.Text),
            _ => "",
        };

    private static string PrintPart(QueryNode node) =>
        node is QueryNode.All or QueryNode.Any ? $"({Print(node)})" : Print(node);

    private static string Print(SortKey key) => Value((key.Descending ? "-" : "") + key.Field.Text);

    private static string Value(string text) => QueryLexer.IsWord(text) ? text : Quote(text);

    private static string Quote(string text) =>
        '"' + text.Replace("\\", @"\\").Replace("\"", "\\\"") + '"';
}
