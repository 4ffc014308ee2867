namespace JobCloud.Node.Executor.Records;

/// <summary>The ID of the current boot; pids of another boot are meaningless (random(4)).</summary>
internal static class Boot
{
    public static string Id() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
