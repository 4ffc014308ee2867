using JobCloud.Node.Executor.Cgroups;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Readings of version 2 files as Linux 6.1 wrote them for a job that read a file of 600
/// MB.</summary>
public sealed class V2ReadingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cgroup");

    public V2ReadingTests()
    {
        Write("cpu.stat", "usage_usec 512034\nuser_usec 91022\nsystem_usec 421012\n");
        Write("memory.current", "633135104\n");
        Write("memory.peak", "634208256\n");
        Write(
            "memory.stat",
            "anon 356352\nfile 629145600\nkernel 3633152\nkernel_stack 32768\n"
                + "inactive_anon 344064\nactive_anon 12288\ninactive_file 629137408\n"
                + "active_file 8192\nunevictable 0\nworkingset_refault_file 0\n"
        );
        Write("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 1\n");
        Write("memory.swap.current", "4096\n");
        Write("pids.events", "max 3\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_page_cache_is_not_counted_as_used()
    {
        var reading = Read(new CgroupLimits(0, 0));
        Assert.Equal((633135104, 634208256), (reading.MemoryBytes, reading.MemoryMaxBytes));
        Assert.Equal(629137408, reading.CacheBytes);
        Assert.Equal(633135104 - 629137408, reading.UsedBytes);
    }

    [Fact]
    public void All_counters_are_read()
    {
        var reading = Read(new CgroupLimits(0, 0, Processes: 64));
        Assert.Equal((512034, 91022, 421012), (reading.CpuUs, reading.UserUs, reading.SystemUs));
        Assert.Equal((12, 2), (reading.MemoryFailures, reading.OutOfMemoryKills));
        Assert.Equal(4096, reading.SwapBytes);
        Assert.True(reading.ReachedProcessLimit);
    }

    [Fact]
    public void A_kernel_without_a_peak_still_reports_the_page_cache()
    {
        File.Delete($"{_folder.FullName}/memory.peak");
        var reading = Read(new CgroupLimits(0, 0));
        Assert.Equal((-1, 629137408), (reading.MemoryMaxBytes, reading.CacheBytes));
    }

    [Fact]
    public void The_cache_of_a_small_job_is_not_read()
    {
        Write("memory.peak", "1048576\n");
        Assert.Equal(0, Read(new CgroupLimits(0, 0)).CacheBytes);
    }

    private CgroupReading Read(CgroupLimits limits)
    {
        var cgroup = new V2Cgroup(_folder.FullName, limits);
        return cgroup.Read();
    }

    private void Write(string file, string text) =>
        File.WriteAllText($"{_folder.FullName}/{file}", text);
}
