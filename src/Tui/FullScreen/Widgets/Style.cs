using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>The meaning of a text; a theme gives it a colour.</summary>
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

/// <summary>The background of a text.</summary>
internal enum Ground : byte
{
    Plain,
    Cursor,
    Bar,
    Dialog,
    Field,
    Button,
}

/// <summary>The style of a cell, by meaning.</summary>
internal readonly record struct Style(Ink Ink, Ground Ground = Ground.Plain, bool Strong = false)
{
    /// <summary>The colours from a job's own output; null: the theme's.</summary>
    public Pen? Pen { get; init; }

    /// <summary>The ink whose colour the ground has, as for the lower half of a cell; null: the
    /// ground's own colour.</summary>
    public Ink? Back { get; init; }

    public static implicit operator Style(Ink ink) => new(ink);

    public Style On(Ground ground) => this with { Ground = ground };

    /// <summary>Sets the ground, unless it is already a special one.</summary>
    public Style Over(Ground ground) => Ground == Ground.Plain ? On(ground) : this;
}
