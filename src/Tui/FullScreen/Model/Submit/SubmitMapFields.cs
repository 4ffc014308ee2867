using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>What makes a map of a submission. Its elements are read together
/// (<see cref="Protocol.Batches.MapTexts"/>), once all is known.</summary>
internal static class SubmitMapFields
{
    public static SubmitField Data { get; } =
        Elements("--map-data", "Map data", FieldKind.Many, "P=V1,V2 …: values of {P}, one a job");

    public static SubmitField ArgFile { get; } =
        Elements("--arg-file", "Map file", FieldKind.Many, "P=FILE …: values of {P}, one a line");

    public static SubmitField Range { get; } =
        Elements("--range", "Range", FieldKind.Many, "[P=]A-B[:STEP] …: numbers as values of {P}");

    public static SubmitField Json { get; } =
        Elements(
            "--json",
            "JSON rows",
            FieldKind.Text,
            "a file: one JSON object a line, one a job"
        );

    public static SubmitField Copies { get; } =
        Elements("--copies", "Copies", FieldKind.Text, "the whole list so often") with
        {
            Put = (_, text, _) => Numbers.Parse(text, 1).Error,
            Default = "1",
        };

    public static IReadOnlyList<SubmitField> All { get; } =
    [
        Data,
        ArgFile,
        Range,
        Json,
        Copies,
        FieldOf.Number(
            "--max-parallel",
            "Max parallel",
            "at most so many at once",
            1,
            (s, n) => s.MaxParallel = n,
            s => s.MaxParallel,
            0
        ) with
        {
            OfMaps = true,
            Default = "all",
        },
        FieldOf.Number(
            "--max-fails",
            "Max fails",
            "kill the rest once so many have failed",
            1,
            (s, n) => s.MaxFails = n,
            s => s.MaxFails,
            0
        ) with
        {
            OfMaps = true,
            Default = "none",
        },
    ];

    private static SubmitField Elements(string option, string label, FieldKind kind, string help) =>
        new(option, label, kind, help, (_, _, _) => null, _ => [])
        {
            MakesMap = true,
            OfMaps = true,
        };
}
