using System.Text;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Queries;

/// <summary>The reference of the query language: a text that contains the table of
/// fields.</summary>
public static class QueryReference
{
    private const string Resource = "query-reference.md";
    private const string Place = "{fields}\n";

    public static string Text { get; } = Read().Replace(Place, Fields());

    private static string Read()
    {
        using var stream =
            typeof(QueryReference).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"no resource {Resource}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Fields()
    {
        var table = new StringBuilder("| field | meaning | operators |\n|---|---|---|\n");
        foreach (var field in RowFields.All)
        {
            var help = field.Help.Replace("me:", "`me`:");
            var signs = QueryOperators.Format(field);
            table.Append($"| `{field.Name}` | {help} | `{signs}` |\n");
        }
        return table.ToString();
    }
}
