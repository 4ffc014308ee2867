namespace JobCloud.Client.Nodes;

/// <summary>Hears how the start of a node goes on.</summary>
/// <param name="Begins">Receives a sentence before the start.</param>
/// <param name="StillWaits">Called once a second.</param>
/// <param name="Ready">Called at the end of a start that took longer than a second.</param>
internal sealed record StartNotices(Action<string> Begins, Action StillWaits, Action Ready)
{
    /// <summary>Nobody hears.</summary>
    public static StartNotices None { get; } =
        new(static _ => { }, static () => { }, static () => { });
}
