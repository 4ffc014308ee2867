using System.Diagnostics;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;

namespace JobCloud.Benchmarks;

/// <summary>A real node with <see cref="MadeUpJobs"/> in a process of its own, so that its work
/// does not delay who measures.</summary>
public sealed class MadeUpCloud : IDisposable
{
    /// <summary>The verb of the process: the home of the node and the number of jobs follow
    /// it.</summary>
    public const string Verb = "made-up-cloud";

    private const double ChangedShare = 0.05;
    private const string Ready = "ready";
    private const string TellAll = "tell";
    private const string Change = "change";
    private const string Rest = "rest";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;

    private MadeUpCloud(Process process) => _process = process;

    public static async Task<MadeUpCloud> StartAsync(HomePaths home, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb, home.Home, $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var cloud = new MadeUpCloud(Process.Start(start)!);
        if (await cloud._process.StandardOutput.ReadLineAsync() != Ready)
            throw new InvalidOperationException("The node with made up jobs did not start.");
        return cloud;
    }

    /// <summary>Tells of all jobs.</summary>
    public void Tell() => _process.StandardInput.WriteLine(TellAll);

    /// <summary>From now on 5 % of the jobs change at 10 Hz.</summary>
    public void BeginToChange() => _process.StandardInput.WriteLine(Change);

    public void EndToChange() => _process.StandardInput.WriteLine(Rest);

    /// <summary>Gives the newest job, which is the first row on a screen, another
    /// command.</summary>
    public void RenameNewest(string command) => _process.StandardInput.WriteLine(command);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the process does, until it hears no more.</summary>
    public static async Task RunAsync(string home, int count)
    {
        await using var node = await NodeHost.StartAsync(
            NodeSettings.Read(
                HoconLoader.Load(["--home", home], new Dictionary<string, string>()),
                Machine.This()
            ),
            new NodeLog(Console.Error, LogLevel.Warning, TimeProvider.System),
            CancellationToken.None,
            _ => new InstantExecutor()
        );
        var jobs = new MadeUpJobs(node.System.ActorSelection($"/user/{ClusterNames.Feed}"), count);
        using var timer = new Timer(_ => jobs.Change(ChangedShare));
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is { } line)
            switch (line)
            {
                case TellAll:
                    jobs.TellAll();
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
