using System.Runtime.InteropServices;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>Detects bubblewrap and its capabilities by running it once.</summary>
internal sealed class SandboxTool(HomePaths home)
{
    private const string Name = "bwrap";

    /// <summary>Its path; empty: not installed.</summary>
    public string Program { get; private set; } = "";

    public Isolation Isolation { get; private set; } = new();

    /// <summary>A descriptor of the filter of system calls; 0: this machine has none.</summary>
    public int FilterFd { get; private set; }

    /// <summary>A descriptor of the filter of programs that enter a running sandbox; 0: this
    /// machine has none.</summary>
    public int EntryFilterFd { get; private set; }

    /// <summary>Runs bubblewrap, which takes about 10 ms. Must run before the reaper starts,
    /// because it waits for its children itself.</summary>
    public void Detect()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Program = new ProgramSearch().Find(Name, path, "/", Clock.NowMs()) ?? "";
        if (Program.Length == 0)
        {
            var missing = $"bubblewrap ({Name}) is not installed";
            Isolation = new() { NoSandbox = missing, NoPrivateNetwork = missing };
            return;
        }
        using var spawner = new Spawner();
        FilterFd = MakeFilter(spawner);
        if (FilterFd > 0)
            EntryFilterFd = MemoryFile.Make(
                "filter",
                SeccompFilter.For(RuntimeInformation.ProcessArchitecture, enters: true),
                out _
            );
        var noNetwork = Try(spawner, isolatesNetwork: true);
        Isolation = new()
        {
            NoSandbox = noNetwork.Length == 0 ? "" : Try(spawner, isolatesNetwork: false),
            NoPrivateNetwork = noNetwork,
        };
    }

    /// <summary>A kernel without filters can have sandboxes all the same.</summary>
    private int MakeFilter(Spawner spawner)
    {
        if (SeccompFilter.For(RuntimeInformation.ProcessArchitecture) is not { } filter)
            return 0;
        FilterFd = MemoryFile.Make("filter", filter, out _);
        if (FilterFd == 0 || Try(spawner, isolatesNetwork: false).Length == 0)
            return FilterFd;
        _ = Libc.close(FilterFd);
        return 0;
    }

    /// <summary>Returns why it fails; empty: it works.</summary>
    private unsafe string Try(Spawner spawner, bool isolatesNetwork)
    {
        var output = $"{home.Run}/{Name}.log";
        var spawned = spawner.Spawn(
            new SpawnRequest(
                Program,
                [Name, .. Bubblewrap.Probe(isolatesNetwork, FilterFd > 0)],
                [],
                "/",
                FilterFd > 0 ? SpawnRequest.PathOf(FilterFd) : "/dev/null",
                output,
                output
            )
        );
        int status = spawned.Error;
        Libc.ResourceUsage usage;
        if (spawned.Pid != 0)
            while (Libc.wait4(spawned.Pid, &status, 0, &usage) < 0 && Libc.Errno == Libc.EINTR) { }
        var lastLine = LastLine.Of(output);
        _ = Libc.unlink(output);
        return status == 0 ? ""
            : lastLine.Length > 0 ? lastLine
            : $"{Program} failed without a message";
    }
}
