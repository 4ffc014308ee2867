namespace JobCloud.Tui.Headless.Output;

/// <summary>The formats of <c>-o</c>.</summary>
internal enum OutputFormat
{
    Default,

    /// <summary>Tables without column names.</summary>
    NoHeader,
    Json,

    /// <summary>Only the first column of tables.</summary>
    Quiet,
}

/// <summary>The names of the output formats.</summary>
internal static class OutputFormats
{
    public static readonly string[] Names = ["default", "no-header", "json", "quiet"];

    public static OutputFormat Of(string? word) =>
        word is null ? OutputFormat.Default : (OutputFormat)Math.Max(0, Array.IndexOf(Names, word));
}
