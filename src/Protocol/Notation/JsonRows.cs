using System.Text.Json;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>Parses the columns of a map from JSON lines: one object per line, all with the same
/// keys.</summary>
public static class JsonRows
{
    /// <summary>Parses the lines and skips blank ones. Values are text, numbers, true or
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
            : new TextError(content.Length, 0, "No JSON objects found; write one per line.");
    }

    // The problem of the line, as a predicate; null: none.
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
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return "contains invalid Unicode: an unpaired surrogate";
        }
    }

    private static string? Add(List<MapColumn> columns, JsonProperty cell, int rows)
    {
        if (!CommandTemplate.IsName(cell.Name))
            return $"has the key '{cell.Name}', which is not a valid parameter name";
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
            return $"has a value at '{cell.Name}' that is not text, a number, true or false";
        column.List.Values.Add(value);
        return null;
    }

    private static MapColumn NewColumn(string name) =>
        new() { Name = name, List = new ValueList() };
}
