using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The free space of the home's disk.</summary>
/// <param name="reserve">As in <c>jobcloud.executor.disk-reserve</c>.</param>
internal sealed class BlobDisk(string folder, long reserve)
{
    /// <summary>Why so many more bytes cannot be written; null: they can.</summary>
    public string? WhyNoRoom(long bytes)
    {
        var drive = new DriveInfo(folder);
        var kept = DiskReserve.Of(reserve, drive.TotalSize).Bytes;
        var free = Math.Max(0, drive.AvailableFreeSpace - kept);
        return bytes <= free
            ? null
            : $"the disk of {folder} has {Sizes.Print(free)} left for files, besides the reserve of {Sizes.Print(kept)} (jobcloud.executor.disk-reserve)";
    }
}
