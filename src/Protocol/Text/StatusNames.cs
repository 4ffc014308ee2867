namespace JobCloud.Protocol.Text;

/// <summary>Names of statuses, as users read and write them.</summary>
public static class StatusNames
{
    private static readonly string[] Words =
    [
        "unknown",
        "waiting",
        "queued",
        "processing",
        "done",
        "error",
        "killed",
        "stalled",
    ];

    /// <summary>All names, ordered by status number.</summary>
    public static IReadOnlyList<string> All { get; } = Words[1..];

    public static string Of(Status status) =>
        (int)status < Words.Length && status > 0 ? Words[(int)status] : Words[0];

    public static bool TryParse(string word, out Status status)
    {
        status = (Status)Math.Max(0, Array.IndexOf(Words, word, 1));
        return status != Status.Unspecified;
    }
}
