using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>A message line that disappears after a time.</summary>
internal sealed record Toast(string Text, ToastKind Kind, TimeSpan Until)
{
    public string Glyph =>
        Kind switch
        {
            ToastKind.Done => "✓",
            ToastKind.Error => "✗",
            _ => "●",
        };

    public Style Style =>
        Kind switch
        {
            ToastKind.Done => Ink.Done,
            ToastKind.Error => Ink.Error,
            _ => Ink.Accent,
        };
}

internal enum ToastKind
{
    Note,
    Done,
    Error,
}
