using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>The machine's files, as visible to this user.</summary>
internal sealed class MachineFiles : IFileTree
{
    public static readonly MachineFiles Instance = new();

    public PathEntry At(string path)
    {
        if (!Libc.TryStat(path, followLink: false, out var status))
            return new(PathEntryKind.None);
        if (status.IsDirectory)
            return new(PathEntryKind.Directory, Libc.MayAccess(path, Libc.W_OK));
        return new FileInfo(path).LinkTarget is { } target
            ? new(PathEntryKind.Link, Target: target)
            : new(PathEntryKind.Other);
    }

    public IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries(directory)
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public bool IsDirectory(string path) =>
        Libc.TryStat(path, followLink: true, out var status)
        && status.IsDirectory
        && Libc.MayAccess(path, Libc.X_OK);
}
