namespace JobCloud.Tui.Headless.Nodes;

/// <summary>
/// Finds the other programs of JobCloud: in our own folder, as published, else in the sibling folders
/// of a build (<c>artifacts/bin/PROJECT/PIVOT/</c>).
/// </summary>
internal static class NodePrograms
{
    public const string Executor = "jobcloud-executor";
    public const string FullScreen = "jobcloud-tui";

    /// <summary>Null where it is in neither.</summary>
    public static string? Find(string name, string folder)
    {
        var beside = Path.Combine(folder, name);
        if (File.Exists(beside))
            return beside;
        var own = new DirectoryInfo(folder);
        if (own.Parent?.Parent is not { } projects)
            return null;
        var built = Path.Combine(projects.FullName, ProjectOf(name), own.Name, name);
        return File.Exists(built) ? built : null;
    }

    private static string ProjectOf(string name) =>
        name == Executor ? "JobCloud.Node.Executor" : "JobCloud.Tui.FullScreen";
}
