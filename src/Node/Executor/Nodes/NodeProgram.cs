using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Nodes;

/// <summary>Where jobcloud-node lies, and how it is called.</summary>
internal static class NodeProgram
{
    private const string Name = "jobcloud-node";
    private const string OwnProject = "JobCloud.Node.Executor";
    private const string NodeProject = "JobCloud.Node.Daemon";

    /// <summary>The words that start it, the program's path first: from this program's own folder,
    /// or from the sibling project's build output. Null: it is in neither.</summary>
    public static IReadOnlyList<string>? Find(string ownFolder)
    {
        var folder = Path.TrimEndingDirectorySeparator(ownFolder);
        var sibling = folder.Replace(
            $"/{OwnProject}/",
            $"/{NodeProject}/",
            StringComparison.Ordinal
        );
        foreach (var place in (ReadOnlySpan<string>)[folder, sibling])
        {
            if (Libc.access($"{place}/{Name}", Libc.X_OK) == 0)
                return [$"{place}/{Name}"];
            if (File.Exists($"{place}/{Name}.dll"))
                return [Dotnet(), $"{place}/{Name}.dll"];
        }
        return null;
    }

    private static string Dotnet()
    {
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (var folder in (string[])[root ?? "", .. path.Split(':')])
        {
            if (folder.Length > 0 && Libc.access($"{folder}/dotnet", Libc.X_OK) == 0)
                return $"{folder}/dotnet";
        }
        return "/usr/share/dotnet/dotnet";
    }
}
