using System.Security.Cryptography;
using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Creates, lists and removes cgroup directories, including those below them.</summary>
internal static class CgroupFolder
{
    private const int Mode = 0x1ed; // 0755
    private const int LinksOfLeaf = 2;

    /// <summary>Creates a directory; returns 0, also if it exists, or an errno.</summary>
    public static int Make(string folder) =>
        MakeNew(folder) is var error && error == Libc.EEXIST ? 0 : error;

    /// <summary>Creates a directory that must not exist; returns 0 or an errno.</summary>
    public static int MakeNew(string folder) => Libc.mkdir(folder, Mode) == 0 ? 0 : Libc.Errno;

    /// <summary>Describes why a cgroup could not be created, as a sentence without its full
    /// stop.</summary>
    public static string CreationError(string folder, int error) =>
        error switch
        {
            Libc.EACCES or Libc.EPERM => "this user has no permission to create cgroups",
            Libc.EROFS => $"{folder} cannot be created: cgroups are mounted read-only",
            _ => $"{folder} cannot be created (errno {error})",
        };

    /// <summary>Describes why a job's cgroup could not be created or limited, as a sentence without
    /// its full stop.</summary>
    public static string JobCreationError(int error) =>
        error switch
        {
            Libc.EAGAIN or Libc.ENOSPC =>
                "cannot create the job's cgroup: the machine's cgroup limit is reached",
            Libc.EMFILE or Libc.ENFILE => "the open file limit is reached (ulimit -n)",
            Libc.ENOMEM => "cannot create the job's cgroup: the machine is out of memory",
            Libc.ENOENT =>
                "cannot create the job's cgroup: the node's cgroup was removed; restart the node",
            _ => $"cannot create the job's cgroup (errno {error})",
        };

    /// <summary>Whether the cgroup has no children.</summary>
    public static bool IsLeaf(string folder) =>
        !Libc.TryStat(folder, followLink: false, out var status) || status.Links <= LinksOfLeaf;

    public static IEnumerable<string> Below(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory was removed meanwhile, or is another's.
            return [];
        }
    }

    /// <summary>All processes in a cgroup and below it; null: they cannot be read now. The file is
    /// reopened each time, because version 1 lists the processes once per open.</summary>
    public static List<int>? Pids(string folder)
    {
        var list = ControlFile.ReadAll($"{folder}/cgroup.procs");
        if (list is null && Libc.IsOutOfDescriptors(Libc.Errno))
            return null;
        var pids = KeyedText.Numbers(list);
        if (IsLeaf(folder))
            return pids;
        foreach (var below in Below(folder))
        {
            if (Pids(below) is not { } more)
                return null;
            pids.AddRange(more);
        }
        return pids;
    }

    /// <summary>Removes a cgroup and its children as far as they are empty; true: the cgroup no
    /// longer exists.</summary>
    public static bool TryRemove(string folder)
    {
        if (Libc.rmdir(folder) == 0 || Libc.Errno == Libc.ENOENT)
            return true;
        if (IsLeaf(folder))
            return false;
        foreach (var below in Below(folder))
            _ = TryRemove(below);
        return Libc.rmdir(folder) == 0;
    }

    /// <summary>The name of the parent of all cgroups of a home; unique per home.</summary>
    public static string NameFor(string home)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(home));
        return "jobcloud-" + Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
