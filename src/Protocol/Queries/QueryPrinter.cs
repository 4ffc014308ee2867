using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

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
            QueryNode.Jobs jobs => Print(jobs),
            QueryNode.Word word => QueryParser.Reserved.Contains(word.Text.Text)
            || JidNotation.IsItem(word.Text.Text)
                ? Quote(word.Text.Text)
                : Value(word.Text.Text),
            _ => "",
        };

    /// <summary>A label that is no word becomes a condition of its own.</summary>
    private static string Print(QueryNode.Jobs jobs)
    {
        var listed = jobs.Items.Where(IsListed).ToList();
        var parts = jobs
            .Items.Where(item => !IsListed(item))
            .Select(item => $"label={Value(item.Label)}");
        if (listed.Count > 0)
            parts = parts.Prepend(string.Join(',', listed.Select(JidNotation.Print)));
        return string.Join(" or ", parts);
    }

    private static bool IsListed(SelectionItem item) =>
        item.ItemCase != SelectionItem.ItemOneofCase.Label || QueryLexer.IsWord(item.Label);

    private static string PrintPart(QueryNode node) =>
        node is QueryNode.All or QueryNode.Any
        || (node is QueryNode.Jobs jobs && !jobs.Items.All(IsListed))
            ? $"({Print(node)})"
            : Print(node);

    private static string Print(SortKey key) => Value((key.Descending ? "-" : "") + key.Field.Text);

    private static string Value(string text) => QueryLexer.IsWord(text) ? text : Quote(text);

    private static string Quote(string text) =>
        '"' + text.Replace("\\", @"\\").Replace("\"", "\\\"") + '"';
}
