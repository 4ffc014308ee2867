using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Hears of cgroups of version 1 that run out of memory: by one eventfd for all of them
/// (kernel: admin-guide/cgroup-v1/memory, 9 and 10). It rings a little before the kernel kills, and
/// also when such a cgroup is removed.</summary>
internal sealed unsafe class OomBell
{
    private readonly int _fd = Libc.eventfd(0, Libc.O_CLOEXEC);

    /// <param name="rung">Called on a thread of its own.</param>
    public OomBell(Action rung)
    {
        var thread = new Thread(() =>
        {
            ulong count;
            while (Libc.read(_fd, (byte*)&count, sizeof(ulong)) == sizeof(ulong))
                rung();
        })
        {
            IsBackground = true,
            Name = "oom",
        };
        thread.Start();
    }

    /// <summary>Has this cgroup ring too. Where the kernel cannot, its kills are seen a little
    /// later, at the next look.</summary>
    public void Watch(string folder)
    {
        var control = Libc.open($"{folder}/memory.oom_control", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (control < 0)
            return;
        _ = ControlFile.Write($"{folder}/cgroup.event_control", $"{_fd} {control}");
        _ = Libc.close(control);
    }
}
