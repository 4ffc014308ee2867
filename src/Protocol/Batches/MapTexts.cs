using Google.Protobuf;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Batches;

/// <summary>What a command line says of a map's elements.</summary>
/// <param name="Data">As <c>P=V1,V2</c>.</param>
/// <param name="ArgFiles">As <c>P=FILE</c>.</param>
/// <param name="Ranges">As <c>[P=]A-B[:STEP]</c>.</param>
/// <param name="Json">A file; null: none.</param>
public sealed record MapTexts(
    IReadOnlyList<string> Data,
    IReadOnlyList<string> ArgFiles,
    IReadOnlyList<string> Ranges,
    string? Json,
    int Copies
)
{
    /// <summary>The content of a file; null: it cannot be read.</summary>
    /// <param name="beside">The file that names it, where relative paths start; null: wherever we are.</param>
    public delegate ByteString? ReadFile(string path, string? beside);

    /// <summary>The elements; errors begin with the option that they are about.</summary>
    /// <param name="command">The template that they are for.</param>
    public Parsed<MapPlan> Read(string command, ReadFile read)
    {
        var columns = Columns(read);
        if (!columns.Ok)
            return columns.Error;
        var plan = MapPlan.Zip(columns.Value, Copies);
        if (!plan.Ok)
        {
            const string none = "Give values with -n, -N, --range or --json, or -k 2 or more.";
            return columns.Value.Count > 0 ? plan.Error : new TextError(0, 0, none);
        }
        return plan.Value with
        {
            Columns = [.. plan.Value.Columns.Where(column => !IsOnlyCounted(column, command))],
        };
    }

    /// <summary>A range without a name, in a command that does not use it, only says how many.</summary>
    private static bool IsOnlyCounted(MapColumn column, string command) =>
        column is { Name: MapSources.RangeParameter, Sequence: not null }
        && Template.Parse(command) is { Ok: true, Value: var template }
        && !template.Parameters.Contains(column.Name);

    private Parsed<List<MapColumn>> Columns(ReadFile read)
    {
        var columns = new List<MapColumn>();
        var parts = Data.Select(text =>
                ("--map-data", WithFiles(MapSources.Values(text), read, null))
            )
            .Concat(ArgFiles.Select(text => ("--arg-file", OfFile(text, read))))
            .Concat(Ranges.Select(text => ("--range", MapSources.Range(text))));
        foreach (var (option, column) in parts)
        {
            if (!column.Ok)
                return column.Error with { Message = $"{option}: {column.Error.Message}" };
            columns.Add(column.Value);
        }
        if (Json is null)
            return columns;
        if (read(Json, null) is not { } content)
            return new TextError(0, Json.Length, $"--json: the file {Json} cannot be read.");
        var rows = JsonRows.Parse(content.ToStringUtf8());
        if (!rows.Ok)
            return rows.Error with { Message = $"--json: {Json}: {rows.Error.Message}" };
        columns.AddRange(rows.Value);
        return columns;
    }

    private static Parsed<MapColumn> OfFile(string text, ReadFile read)
    {
        var binding = MapSources.Split(text);
        if (!binding.Ok)
            return binding.Error;
        var (name, path, _) = binding.Value;
        return read(path, null) is { } content
            ? WithFiles(MapSources.Lines(name, content.ToStringUtf8()), read, path)
            : new TextError(0, text.Length, $"the file {path} cannot be read.");
    }

    // Files that a file names lie beside it.
    private static Parsed<MapColumn> WithFiles(
        Parsed<MapColumn> column,
        ReadFile read,
        string? beside
    ) => column.Ok ? MapSources.WithFiles(column.Value, path => read(path, beside)) : column;
}
