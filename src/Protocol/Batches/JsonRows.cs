using System.Text.Json;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Batches;

/// <summary>The columns of a map from JSON lines: one object a line, the same keys on
/// each.</summary>
public static class JsonRows
{
    /// <summary>Reads the lines; blank ones are skipped. Values are text, numbers, true or
    /// false.</summary>
    public static Parsed<List<MapColumn>> Parse(string content)
    {
        var columns = new List<MapColumn>();
        var (at, number) = (0, 0);
        while (at < content.Length)
        {
            number++;
            var end = content.IndexOf('\n', at);
            end = end < 0 ? content.Length : end;
            if (
                !content.AsSpan(at, end - at).IsWhiteSpace()
                && Add(columns, content[at..end]) is { } why
            )
            {
                return new TextError(at, end - at, $"Line {number} {why}.");
            }
            at = end + 1;
        }
        return columns.Count > 0
            ? columns
            : new TextError(content.Length, 0, "There are no JSON objects; write one a line.");
    }

    // What is wrong with the line; null: nothing.
    private static string? Add(List<MapColumn> columns, string line)
    {
        try
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.ValueKind != JsonValueKind.Object)
                return "is not a JSON object";
            var cells = row.RootElement.EnumerateObject().ToList();
            if (cells.Count == 0)
                return "has no keys";
            if (columns.Count == 0)
                columns.AddRange(cells.Select(c => NewColumn(c.Name)));
            var rows = columns[0].List.Values.Count;
            foreach (var cell in cells)
            {
                if (Add(columns, cell, rows) is { } why)
                    return why;
            }
            return columns.Find(c => c.List.Values.Count == rows) is { } missing
                ? $"lacks the key '{missing.Name}'; every line needs the same keys"
                : null;
        }
        catch (JsonException)
        {
            return "is not JSON; write one object such as {\"name\": \"value\"}";
        }
        catch (Exception trouble) when (trouble is InvalidOperationException or ArgumentException)
        {
            return "holds text that is not Unicode: half of a surrogate pair";
        }
    }

    private static string? Add(List<MapColumn> columns, JsonProperty cell, int rows)
    {
        if (!Template.IsName(cell.Name))
            return $"has the key '{cell.Name}', which no parameter can have as its name";
        if (columns.Find(c => c.Name == cell.Name) is not { } column)
            return $"has the key '{cell.Name}', which the first line lacks";
        if (column.List.Values.Count > rows)
            return $"has the key '{cell.Name}' twice";
        var value = cell.Value.ValueKind switch
        {
            JsonValueKind.String => cell.Value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False =>
                cell.Value.GetRawText(),
            _ => null,
        };
        if (value is null)
            return $"has at '{cell.Name}' neither text nor a number, true or false";
        column.List.Values.Add(value);
        return null;
    }

    private static MapColumn NewColumn(string name) =>
        new() { Name = name, List = new ValueList() };
}
