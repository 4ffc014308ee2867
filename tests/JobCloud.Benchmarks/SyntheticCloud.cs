using System.Diagnostics;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;

namespace JobCloud.Benchmarks;

/// <summary>A real node with <see cref="SyntheticJobs"/> in its own process, so that its work does
/// not delay the measuring process.</summary>
public sealed class SyntheticCloud : IDisposable
{
    /// <summary>The option of that process, followed by the home of the node and the number of
    /// jobs.</summary>
    public const string Option = "made-up-cloud";

    private const double ChangedShare = 0.05;
    private const string Ready = "ready";
    private const string TellAll = "tell";
    private const string Change = "change";
    private const string Rest = "rest";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;

    private SyntheticCloud(Process process) => _process = process;

    public static async Task<SyntheticCloud> StartAsync(HomePaths home, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Option, home.Home, $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var cloud = new SyntheticCloud(Process.Start(start)!);
        if (await cloud._process.StandardOutput.ReadLineAsync() != Ready)
            throw new InvalidOperationException("The node with synthetic jobs did not start.");
        return cloud;
    }

    /// <summary>Publishes all jobs.</summary>
    public void PublishAll() => _process.StandardInput.WriteLine(TellAll);

    /// <summary>Starts to change 5 % of the jobs at 10 Hz.</summary>
    public void StartChanging() => _process.StandardInput.WriteLine(Change);

    public void StopChanging() => _process.StandardInput.WriteLine(Rest);

    /// <summary>Changes the command of the newest job, which is the first row on a
    /// screen.</summary>
    public void RenameNewest(string command) => _process.StandardInput.WriteLine(command);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The main loop of the process, which ends at the end of its input.</summary>
    public static async Task RunAsync(string home, int count)
    {
        await using var node = await NodeHost.StartAsync(
            NodeSettings.Read(
                HoconLoader.Load(["--home", home], new Dictionary<string, string>()),
                HostResources.OfThisHost()
            ),
            new NodeLog(Console.Error, LogLevel.Warning, TimeProvider.System),
            CancellationToken.None,
            _ => new InstantExecutor()
        );
        var jobs = new SyntheticJobs(
            node.System.ActorSelection($"/user/{ClusterNames.Feed}"),
            count
        );
        using var timer = new Timer(_ => jobs.Change(ChangedShare));
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is { } line)
            switch (line)
            {
                case TellAll:
                    jobs.PublishAll();
                    break;
                case Change:
                    timer.Change(Pace, Pace);
                    break;
                case Rest:
                    timer.Change(Timeout.Infinite, Timeout.Infinite);
                    break;
                default:
                    jobs.RenameNewest(line);
                    break;
            }
    }
}
