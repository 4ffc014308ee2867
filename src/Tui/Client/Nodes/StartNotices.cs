namespace JobCloud.Client.Nodes;

/// <summary>Receives the progress of the start of a node.</summary>
/// <param name="Begins">Receives a sentence before the start.</param>
/// <param name="StillWaits">Called once a second.</param>
/// <param name="Ready">Called at the end of a start that took longer than a second.</param>
internal sealed record StartNotices(Action<string> Begins, Action StillWaits, Action Ready)
{
    /// <summary>Ignores the progress.</summary>
    public static StartNotices None { get; } =
        new(static _ => { }, static () => { }, static () => { });
}
