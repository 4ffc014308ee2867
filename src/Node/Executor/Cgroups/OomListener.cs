using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Receives notifications of version 1 cgroups that run out of memory, through one eventfd
/// for all of them (kernel: admin-guide/cgroup-v1/memory, 9 and 10). The kernel notifies shortly
/// before it kills, and also when such a cgroup is removed.</summary>
internal sealed unsafe class OomListener
{
    private readonly int _fd = Libc.eventfd(0, Libc.O_CLOEXEC);

    /// <param name="onMemoryLow">Called on a dedicated thread.</param>
    public OomListener(Action onMemoryLow)
    {
        var thread = new Thread(() =>
        {
            ulong count;
            while (Libc.read(_fd, (byte*)&count, sizeof(ulong)) == sizeof(ulong))
                onMemoryLow();
        })
        {
            IsBackground = true,
            Name = "oom",
        };
        thread.Start();
    }

    /// <summary>Subscribes to a cgroup. If the kernel refuses, its kills are found a little later
    /// by sampling.</summary>
    public void Watch(string folder)
    {
        var control = Libc.open($"{folder}/memory.oom_control", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (control < 0)
            return;
        _ = ControlFile.Write($"{folder}/cgroup.event_control", $"{_fd} {control}");
        _ = Libc.close(control);
    }
}
