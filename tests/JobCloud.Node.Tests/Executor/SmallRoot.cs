using System.Diagnostics;
using System.Text.RegularExpressions;

namespace JobCloud.Node.Tests.Executor;

/// <summary>A root file system with only a shell and its libraries.</summary>
internal static partial class SmallRoot
{
    /// <summary>Creates it in this directory.</summary>
    public static async Task MakeAsync(string folder)
    {
        foreach (var name in new[] { "proc", "dev", "tmp", "etc" })
            Directory.CreateDirectory($"{folder}/{name}");
        await File.WriteAllTextAsync($"{folder}/etc/motd", "small\n");
        Copy("/bin/sh", folder);
        var start = new ProcessStartInfo("ldd", "/bin/sh") { RedirectStandardOutput = true };
        using var ldd = Process.Start(start)!;
        var libraries = await ldd.StandardOutput.ReadToEndAsync();
        await ldd.WaitForExitAsync();
        foreach (Match library in Library().Matches(libraries))
            Copy(library.Value, folder);
    }

    /// <summary>The files in a directory with their lengths.</summary>
    public static string Content(string folder) =>
        string.Join(
            '\n',
            Directory
                .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {(File.Exists(path) ? new FileInfo(path).Length : 0)}")
        );

    private static void Copy(string file, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder + file)!);
        File.Copy(File.ResolveLinkTarget(file, true)?.FullName ?? file, folder + file, true);
    }

    [GeneratedRegex("/[^ ]+(?= \\(0x)")]
    private static partial Regex Library();
}
