using System.Security.Cryptography;
using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Directories of cgroups, with all below them.</summary>
internal static class CgroupFolder
{
    private const int Mode = 0x1ed; // 0755
    private const int LinksOfLeaf = 2;

    /// <summary>Makes one; returns 0, also when it is there already, or an error.</summary>
    public static int Make(string folder) =>
        MakeNew(folder) is var error && error == Libc.EEXIST ? 0 : error;

    /// <summary>Makes one that is not there yet; returns 0 or an error.</summary>
    public static int MakeNew(string folder) => Libc.mkdir(folder, Mode) == 0 ? 0 : Libc.Errno;

    /// <summary>Why one could not be made, in a sentence without its stop.</summary>
    public static string WhyNotMade(string folder, int error) =>
        error switch
        {
            Libc.EACCES or Libc.EPERM => "this user may not make cgroups",
            Libc.EROFS => $"{folder} cannot be made: cgroups are mounted read-only",
            _ => $"{folder} cannot be made (error {error})",
        };

    /// <summary>Why a job's could not be made or limited, in a sentence without its stop.</summary>
    public static string WhyNotMadeForJob(int error) =>
        error switch
        {
            Libc.EAGAIN or Libc.ENOSPC => "its cgroup cannot be made: the machine allows no more",
            Libc.ENOMEM => "its cgroup cannot be made: the machine has no memory left for it",
            Libc.ENOENT => "its cgroup cannot be made: that of its node is gone; restart the node",
            _ => $"its cgroup cannot be made (error {error})",
        };

    /// <summary>Whether there are none below it.</summary>
    public static bool IsLeaf(string folder) =>
        !Libc.TryStat(folder, followLink: false, out var status) || status.Links <= LinksOfLeaf;

    public static IEnumerable<string> Below(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (IOException)
        {
            // It has just been removed.
            return [];
        }
    }

    /// <summary>All processes in it and below it. Opened anew each time: version 1 lists them once
    /// for each opening.</summary>
    public static List<int> Pids(string folder)
    {
        var pids = KeyedText.Numbers(ControlFile.ReadAll($"{folder}/cgroup.procs"));
        if (IsLeaf(folder))
            return pids;
        foreach (var below in Below(folder))
            pids.AddRange(Pids(below));
        return pids;
    }

    /// <summary>Removes it and all below it, as far as they are empty; true: it is gone.</summary>
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

    /// <summary>The name under which all cgroups of a home lie: two homes never meet.</summary>
    public static string NameFor(string home)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(home));
        return "jobcloud-" + Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
