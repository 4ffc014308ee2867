using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The sources of a map's elements. Jobs do not keep them: a job has only its own
/// values.</summary>
internal static class ElementAttributes
{
    private static readonly JobAttribute Copies = Elements(
        "-k, --copies N",
        "repeat the whole list N times",
        AttributeKind.Number,
        (r, text, _) =>
            AttributeValueFactory.Take(Numbers.Parse(text, 1), copies => r.Count = copies)
    ) with
    {
        Default = "1",
    };

    private static readonly JobAttribute[] Values =
    [
        Elements(
            "-n, --map-data P=V1,V2",
            @"values of {P}, one per job; \, is a comma; @FILE sends a file along",
            AttributeKind.Lists,
            (r, text, from) => Add(r, WithFiles(MapSources.Values(text), from, null))
        ),
        Elements(
            "-N, --arg-file P=FILE",
            "values of {P}, one per line",
            AttributeKind.Pairs,
            (r, text, from) => Add(r, ReadLines(text, from))
        ) with
        {
            Label = "Map file",
        },
        Elements(
            "--range [P=]A-B[:STEP]",
            "numbers from A to B as values of {P}, or of {i} without P",
            AttributeKind.Texts,
            (r, text, _) => Add(r, MapSources.Range(text))
        ),
        Elements(
            "--json FILE",
            "one JSON object per line and job; its keys are parameters",
            AttributeKind.File,
            ReadRows
        ) with
        {
            Label = "JSON rows",
        },
    ];

    public static IReadOnlyList<JobAttribute> All { get; } = [.. Values, Copies];

    /// <summary>The message for a map without elements.</summary>
    public static string Missing(Func<JobAttribute, string> called) =>
        $"Give values with {Choices.Listed(Values.Select(called))}, or {called(Copies)} 2 or more.";

    private static JobAttribute Elements(
        string usage,
        string help,
        AttributeKind kind,
        SetValue put
    ) => new(usage, help, new(kind, put, _ => []));

    private static TextError? Add(SubmitRequest request, Parsed<MapColumn> column) =>
        AttributeValueFactory.Take(column, request.Columns.Add);

    private static Parsed<MapColumn> ReadLines(string text, ISubmissionSource from)
    {
        var binding = MapSources.Split(text);
        if (!binding.Ok)
            return binding.Error;
        var (name, path, at) = binding.Value;
        return from.TryRead(path) is not { } content ? Unreadable(path, at)
            : Utf8Text.Of(content.Span) is not { } lines ? NotText(path, at)
            : WithFiles(MapSources.Lines(name, lines), from, path);
    }

    private static TextError? ReadRows(SubmitRequest request, string path, ISubmissionSource from)
    {
        if (from.TryRead(path) is not { } content)
            return Unreadable(path);
        if (Utf8Text.Of(content.Span) is not { } text)
            return NotText(path);
        var rows = JsonRows.Parse(text);
        return rows.Ok
            ? AttributeValueFactory.Take(rows, request.Columns.AddRange)
            : new TextError(0, path.Length, $"{path}: {rows.Error.Message}");
    }

    // Paths in a file are relative to its directory.
    private static Parsed<MapColumn> WithFiles(
        Parsed<MapColumn> column,
        ISubmissionSource from,
        string? beside
    ) => column.Ok ? MapSources.WithFiles(column.Value, path => from.Send(path, beside)) : column;

    private static TextError NotText(string path, int at = 0) =>
        new(at, path.Length, $"the file {path} is not UTF-8 text.");

    public static TextError Unreadable(string path, int at = 0) =>
        new(at, path.Length, $"the file {path} cannot be read.");
}
