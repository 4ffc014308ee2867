namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>How many colours the terminal shows.</summary>
internal enum ColorDepth
{
    None,
    Sixteen,

    /// <summary>256 colours, by number.</summary>
    Indexed,

    /// <summary>24 bits.</summary>
    Full,
}

/// <summary>What the environment says about the terminal.</summary>
/// <param name="environment">Reads an environment variable; null: not set.</param>
internal sealed class TerminalTraits(Func<string, string?> environment)
{
    private static readonly string[] FullColorTerms = ["direct", "kitty", "tmux"];

    /// <summary>Whether the terminal can only write lines.</summary>
    public bool IsDumb => Variable("TERM") == "dumb";

    /// <summary>Whether it shows no characters but those of ASCII, by its type or by the
    /// locale.</summary>
    public bool IsAscii => Variable("TERM") == "linux" || !IsUtf8;

    /// <summary>Whether its background is light, by COLORFGBG, such as <c>0;15</c>; null: it is not
    /// set.</summary>
    public bool? IsLight =>
        Variable("COLORFGBG") is { } colors
        && int.TryParse(colors.Split(';')[^1], out var ground)
        && ground is >= 0 and < 16
            ? ground is 7 or >= 9
            : null;

    /// <summary>tmux accepts 24 bits and converts them itself.</summary>
    public ColorDepth Depth =>
        Variable("NO_COLOR") is not null ? ColorDepth.None
        : Variable("COLORTERM") is "truecolor" or "24bit" || Variable("TMUX") is not null
            ? ColorDepth.Full
        : Variable("TERM") is not { } term ? ColorDepth.Sixteen
        : FullColorTerms.Any(term.Contains) ? ColorDepth.Full
        : term.Contains("256color", StringComparison.Ordinal) ? ColorDepth.Indexed
        : ColorDepth.Sixteen;

    // An unset locale says nothing about the terminal.
    private bool IsUtf8 =>
        (Variable("LC_ALL") ?? Variable("LC_CTYPE") ?? Variable("LANG")) is not { } locale
        || locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
        || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);

    private string? Variable(string name) =>
        environment(name) is { Length: > 0 } value ? value : null;
}
