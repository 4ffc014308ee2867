namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>What a text means; a theme says how it looks.</summary>
internal enum Ink : byte
{
    Text,
    Muted,
    Title,
    Accent,
    Rule,
    Waiting,
    Queued,
    Processing,
    Done,
    Error,
    Killed,
    Stalled,
    Warning,
}

/// <summary>What a text stands on.</summary>
internal enum Ground : byte
{
    Plain,
    Cursor,
    Bar,
    Dialog,
    Field,
    Button,
}

/// <summary>How a cell is to look, said by meaning.</summary>
internal readonly record struct Style(Ink Ink, Ground Ground = Ground.Plain, bool Strong = false)
{
    public static implicit operator Style(Ink ink) => new(ink);

    public Style On(Ground ground) => this with { Ground = ground };

    /// <summary>Where something more special does not stand already.</summary>
    public Style Over(Ground ground) => Ground == Ground.Plain ? On(ground) : this;
}
