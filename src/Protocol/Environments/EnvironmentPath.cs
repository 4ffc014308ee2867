namespace JobCloud.Protocol.Environments;

/// <summary>The PATH of a job with an environment.</summary>
public static class EnvironmentPath
{
    /// <summary>The PATH of jobs without one, as login shells set it (environ(7)).</summary>
    public const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="first">Directories to put before the others.</param>
    /// <param name="path">The PATH so far; empty: none.</param>
    public static string Prepend(IEnumerable<string> first, string path) =>
        string.Join(':', first.Append(path.Length > 0 ? path : Default));
}
