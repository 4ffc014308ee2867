namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>The command line of <c>jobcloud-node store</c>.</summary>
/// <param name="File">Of a backup; else empty.</param>
/// <param name="Replaces">Whether a restore sets the present store aside.</param>
/// <param name="IsJson">Whether the answer is JSON.</param>
/// <param name="Node">Arguments that say which home.</param>
internal sealed record StoreArguments(
    string Verb,
    string File,
    bool Replaces,
    bool IsJson,
    IReadOnlyList<string> Node
)
{
    public const string Usage =
        "Usage: jobcloud-node store backup FILE | restore FILE [--replace] | check | export | "
        + "stats [--json], each with [--home DIR]";

    private static readonly string[] WithFile = ["backup", "restore"];
    private static readonly string[] WithoutFile = ["check", "export", "stats"];

    /// <summary>Null: it is not as <see cref="Usage"/> says.</summary>
    /// <param name="arguments">Those after the word store.</param>
    public static StoreArguments? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            return null;
        var (verb, rest) = (arguments[0], arguments.Skip(1).ToList());
        var given = new StoreArguments(verb, "", false, false, []);
        if (WithFile.Contains(verb))
        {
            if (rest.Count == 0 || rest[0].Length == 0)
                return null;
            given = given with { File = Path.GetFullPath(rest[0]) };
            rest.RemoveAt(0);
        }
        else if (!WithoutFile.Contains(verb))
            return null;
        return given with
        {
            Replaces = rest.Contains("--replace"),
            IsJson = rest.Contains("--json"),
            Node = [.. rest.Where(static word => word is not "--replace" and not "--json")],
        };
    }
}
