namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>The glyph and colour of a status; its name is in
/// <see cref="Protocol.Text.StatusNames"/>.</summary>
internal readonly record struct StatusStyle(string Glyph, Style Style)
{
    /// <summary>The statuses in display order.</summary>
    public static IReadOnlyList<Status> InOrder { get; } =
    [
        Status.Processing,
        Status.Queued,
        Status.Waiting,
        Status.Done,
        Status.Error,
        Status.Killed,
        Status.Stalled,
    ];

    public static StatusStyle Of(Status status) =>
        status switch
        {
            Status.Waiting => new("○", Ink.Waiting),
            Status.Queued => new("◌", Ink.Queued),
            Status.Processing => new("●", Ink.Processing),
            Status.Done => new("✓", Ink.Done),
            Status.Error => new("✗", Ink.Error),
            Status.Killed => new("■", Ink.Killed),
            Status.Stalled => new("◍", Ink.Stalled),
            _ => new(" ", Ink.Muted),
        };
}
