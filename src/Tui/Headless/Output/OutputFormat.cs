namespace JobCloud.Tui.Headless.Output;

/// <summary>The formats of <c>-o</c>.</summary>
internal enum OutputFormat
{
    Default,

    /// <summary>Tables without their headings.</summary>
    NoHeader,
    Json,

    /// <summary>Tables as their first column alone.</summary>
    Quiet,
}

/// <summary>The words of <c>-o</c>.</summary>
internal static class OutputFormats
{
    public static readonly string[] Words = ["default", "no-header", "json", "quiet"];

    public static OutputFormat Of(string? word) =>
        word is null ? OutputFormat.Default : (OutputFormat)Math.Max(0, Array.IndexOf(Words, word));
}
