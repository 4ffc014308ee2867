namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A tab of the job screen, in display order.</summary>
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

    /// <summary>All items of the info catalogue.</summary>
    Items,
}
