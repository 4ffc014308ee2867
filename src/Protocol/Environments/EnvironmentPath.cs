namespace JobCloud.Protocol.Environments;

/// <summary>The PATH of a job that has an environment.</summary>
public static class EnvironmentPath
{
    /// <summary>Where programs are looked for without a PATH, as login shells do
    /// (environ(7)).</summary>
    public const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="first">Directories that come before the others.</param>
    /// <param name="path">The PATH so far; empty: there is none.</param>
    public static string Before(IEnumerable<string> first, string path) =>
        string.Join(':', first.Append(path.Length > 0 ? path : Default));
}
