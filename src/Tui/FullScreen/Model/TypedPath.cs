namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A path that a user typed.</summary>
internal static class TypedPath
{
    /// <summary>The path with the home directory for a leading <c>~</c>, as in a shell.</summary>
    public static string Expand(string path, string home) =>
        path == "~" ? home
        : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..])
        : path;

    public static string Expand(string path) =>
        Expand(path, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
}
