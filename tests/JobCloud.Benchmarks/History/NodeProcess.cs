using System.Diagnostics;
using System.Globalization;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Benchmarks.History;

/// <summary>A node in a process of its own, so that its start and its memory can be measured; its
/// executor ends each job at once.</summary>
internal sealed class NodeProcess : IDisposable
{
    /// <summary>The option of that process, followed by the arguments of the node.</summary>
    public const string Option = "measured-node";

    /// <summary>An argument of that process: retention pauses for a moment only.</summary>
    public const string Hurry = "--hurry";

    private const string Ready = "ready";
    private readonly Process _process;

    private NodeProcess(Process process, TimeSpan start) =>
        (_process, Start, StartCpu) = (process, start, process.TotalProcessorTime);

    /// <summary>From the start of the process until the node answered.</summary>
    public TimeSpan Start { get; }

    /// <summary>The CPU time of its start.</summary>
    public TimeSpan StartCpu { get; }

    /// <summary>The CPU time since its start.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The memory of the process, in MiB.</summary>
    public long Resident => Kilobytes("VmRSS") >> 10;

    public long Anonymous => Kilobytes("RssAnon") >> 10;

    public static async Task<NodeProcess> StartAsync(HomePaths home, params string[] settings)
    {
        var watch = Stopwatch.StartNew();
        var process = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "JobCloud.Benchmarks"),
                [Option, "--home", home.Home, .. settings]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line == Ready
            ? new NodeProcess(process, watch.Elapsed)
            : throw new InvalidOperationException("The node did not start.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The main loop of the process, which ends at the end of its input.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var isHurried = arguments.Contains(Hurry);
        await using var node = await HostAsync(
            [.. arguments.Where(argument => argument != Hurry)],
            settings => isHurried ? Hurried(settings) : settings
        );
        Console.WriteLine(Ready);
        await Console.In.ReadToEndAsync();
    }

    /// <summary>A node in this process; returns when it answers a list.</summary>
    public static async Task<NodeHost> HostAsync(
        string[] arguments,
        Func<NodeSettings, NodeSettings>? change = null
    )
    {
        var settings = NodeSettings.Read(
            HoconLoader.Load(arguments, new Dictionary<string, string>()),
            HostResources.OfThisHost()
        );
        var node = await NodeHost.StartAsync(
            change?.Invoke(settings) ?? settings,
            new NodeLog(Console.Error, LogLevel.Warning, TimeProvider.System),
            CancellationToken.None,
            _ => new InstantExecutor()
        );
        using var channel = BenchCloud.Connect(settings.Paths);
        await new Cloud.CloudClient(channel).ListAsync(new ListRequest { Limit = 1 });
        return node;
    }

    private static NodeSettings Hurried(NodeSettings settings) =>
        settings with
        {
            Retention = settings.Retention with
            {
                Pause = TimeSpan.FromMilliseconds(10),
                CheckInterval = TimeSpan.FromMilliseconds(500),
            },
        };

    private long Kilobytes(string name) =>
        long.Parse(
            File.ReadLines($"/proc/{_process.Id}/status")
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
}
