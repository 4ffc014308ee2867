namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A part of what is known of a job, in the order shown.</summary>
internal enum DetailTab
{
    Overview,
    Usage,
    Attempts,
    Dependencies,
    Ports,
    Events,
    Explain,
    Command,
}
