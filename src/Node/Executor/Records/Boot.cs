namespace JobCloud.Node.Executor.Records;

/// <summary>Which run of the kernel this is: pids of another one mean nothing
/// (random(4)).</summary>
internal static class Boot
{
    public static string Id() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
