using System.Diagnostics;
using System.Globalization;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Benchmarks;

/// <summary>The published full-screen UI at a terminal of 140x40, as a member of a real node's
/// cluster: time to the first frame, from a key or a change to the screen, and CPU cost. Only the
/// jobs are synthetic (<see cref="SyntheticCloud"/>).</summary>
public static class FullScreen
{
    private const int Starts = 5;
    private const int Keys = 200;
    private const string CursorSign = "▌";

    // The curves above the jobs show the last 70 s and grow until they are full.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int size)
    {
        var count = size > 0 ? size : 100_000;
        var home = new HomePaths(Directory.CreateTempSubdirectory("jcb-").FullName);
        using (var cloud = await SyntheticCloud.StartAsync(home, count))
        {
            await FirstFrameAsync(home);
            using var screen = Open(home);
            await screen.ShowsAsync("LIVE");
            cloud.PublishAll();
            await screen.ShowsAsync(count.ToString("#,0", CultureInfo.InvariantCulture) + " of ");
            await Task.Delay(Settling);
            await CostAsync($"{count} jobs, no changes", screen);
            cloud.StartChanging();
            await CostAsync("5 % of them change at 10 Hz", screen);
            Report("key to screen", MeasureKeys(screen));
            Report("change to screen", MeasureChanges(screen, cloud));
            cloud.StopChanging();
            screen.Type("q");
            await screen.ExitAsync();
        }
        Directory.Delete(home.Home, recursive: true);
    }

    private static PtyProcess Open(HomePaths home) =>
        PtyProcess.Start(
            [BenchCloud.Program("jobcloud"), "top"],
            new Dictionary<string, string>(Profiling)
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = home.Home,
                ["TERM"] = "xterm-256color",
                ["JOBCLOUD_HOME"] = home.Home,
            },
            columns: 140,
            rows: 40
        );

    /// <summary>Settings for the UI's runtime, such as DOTNET_PerfMapEnabled.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Profiling =>
        from System.Collections.DictionaryEntry set in Environment.GetEnvironmentVariables()
        where ((string)set.Key).StartsWith("DOTNET_", StringComparison.Ordinal)
        select new KeyValuePair<string, string>((string)set.Key, (string)set.Value!);

    private static async Task FirstFrameAsync(HomePaths home)
    {
        var (frames, lives) = (new List<double>(), new List<double>());
        for (var i = 0; i < Starts; i++)
        {
            var watch = Stopwatch.StartNew();
            using var screen = Open(home);
            screen.DoAndWait(() => { }, "JobCloud");
            frames.Add(watch.Elapsed.TotalMilliseconds);
            screen.DoAndWait(() => { }, "LIVE");
            lives.Add(watch.Elapsed.TotalMilliseconds);
            screen.Type("q");
            await screen.ExitAsync();
        }
        Report("first frame", frames);
        Report("first live data", lives);
    }

    /// <summary>Prints the CPU time of the UI alone and the bytes written to its
    /// terminal.</summary>
    private static async Task CostAsync(string when, PtyProcess screen)
    {
        await Task.Delay(TimeSpan.FromSeconds(3));
        var (used, bytes, watch) = (Used(screen.Pid), screen.Written, Stopwatch.StartNew());
        await Task.Delay(Span);
        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(
            $"{when, -34} {(Used(screen.Pid) - used).TotalSeconds / seconds:P1} of a core, "
                + $"{(screen.Written - bytes) / seconds:F0} bytes/s"
        );
    }

    private static TimeSpan Used(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }

    // The cursor sign is written only when the cursor moves.
    private static List<double> MeasureKeys(PtyProcess screen)
    {
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < Keys; i++)
        {
            Thread.Sleep(random.Next(20, 120));
            var watch = Stopwatch.StartNew();
            screen.DoAndWait(() => screen.Type(i % 2 == 0 ? "j" : "k"), CursorSign);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return times;
    }

    private static List<double> MeasureChanges(PtyProcess screen, SyntheticCloud cloud)
    {
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < Keys / 2; i++)
        {
            Thread.Sleep(random.Next(20, 120));
            var name = new string((char)('a' + i % 26), 6);
            var watch = Stopwatch.StartNew();
            screen.DoAndWait(() => cloud.RenameNewest(name), name);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return times;
    }

    private static void Report(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine(
            $"{what, -34} p50 {times[times.Count / 2]:F0} ms, p99 {times[times.Count * 99 / 100]:F0} ms, {times.Count} times"
        );
    }
}
