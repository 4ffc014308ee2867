using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Nodes;

/// <summary>Locates jobcloud-node.</summary>
internal static class NodeExecutable
{
    /// <summary>Returns the command line that starts it, with the program's path first; null: not
    /// found.</summary>
    public static IReadOnlyList<string>? Find(string ownFolder)
    {
        foreach (var place in JobCloudProgram.Node.CandidatePaths(ownFolder))
        {
            if (Libc.access(place, Libc.X_OK) == 0)
                return [place];
            if (File.Exists($"{place}.dll"))
                return [Dotnet(), $"{place}.dll"];
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
