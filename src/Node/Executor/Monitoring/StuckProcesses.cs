using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>Finds the processes of a job that outlive SIGKILL.</summary>
internal static class StuckProcesses
{
    public static List<StuckProcess> Of(StartedJob job)
    {
        var pids = job.Cgroup is { } cgroup
            ? cgroup.Pids() ?? []
            : ProcessSnapshot
                .Take()
                .All.Where(one => one.Value.Group == job.Pid)
                .Select(one => one.Key);
        return [.. pids.Select(Read).OfType<StuckProcess>()];
    }

    private static StuckProcess? Read(int pid)
    {
        try
        {
            var waits = File.ReadAllText($"/proc/{pid}/wchan");
            return StuckProcess.Parse(pid, File.ReadAllText($"/proc/{pid}/stat"), waits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
