namespace JobCloud.Protocol.Http;

/// <summary>The names of output streams in URLs.</summary>
public static class OutputStreamNames
{
    private static readonly Dictionary<string, OutputStream> Names = new()
    {
        ["stdout"] = OutputStream.Stdout,
        ["stderr"] = OutputStream.Stderr,
        ["result"] = OutputStream.Result,
        ["logging"] = OutputStream.Logging,
        ["syslog"] = OutputStream.Syslog,
        ["profile"] = OutputStream.Profile,
    };

    public static IReadOnlyCollection<string> All => Names.Keys;

    /// <summary>Finds a stream by name; null: unknown.</summary>
    public static OutputStream? Find(string name) =>
        Names.TryGetValue(name, out var stream) ? stream : null;
}
