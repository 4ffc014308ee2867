using JobCloud.FullScreen.Tests.Cloud;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Hosting;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.FullScreen.Tests.Demo;

/// <summary>Shows the screens on a terminal with a simulated cloud: <c>dotnet
/// JobCloud.FullScreen.Tests.dll [ROWS [CHANGES-PER-TICK [THEME [COMMAND [DEPTH]]]]]</c>; the theme
/// <c>auto</c> follows the terminal.</summary>
internal static class DemoProgram
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    public static async Task Main(string[] args)
    {
        var rows = args.Length > 0 ? int.Parse(args[0]) : 200;
        var changed = args.Length > 1 ? int.Parse(args[1]) : rows / 20;
        var theme = args.Length > 2 ? args[2] : "dark";
        var palette = Palettes.All.FirstOrDefault(p => p.Name == theme) ?? Palettes.Dark;
        var cloud = new ScriptedCloud
        {
            Answer = _ => new ChangeReply { Changed = 1, Selected = 1 },
        };
        var follower = new CloudFollower(cloud, TimeProvider.System);
        var window = new MainWindow(
            cloud,
            follower,
            TimeProvider.System,
            new MainWindowOptions("alice", palette),
            ScreenCatalog.All
        );
        var host = new TerminalHost(
            window,
            new HostOptions(
                "ansi",
                Synchronized: true,
                args.Length > 3 ? args[3] : "jobcloud",
                _ => null
            )
            {
                Depth = args.Length > 4 ? Enum.Parse<ColorDepth>(args[4]) : ColorDepth.Full,
                FollowsGround = theme == "auto",
            },
            failure => window.ShowToast(failure.ToString(), ToastKind.Error)
        );
        using var stop = new CancellationTokenSource();
        TerminalRestore.Guard(host.Stop, host.Resume);
        _ = follower.RunAsync(stop.Token);
        _ = FeedAsync(cloud, rows, changed, stop.Token);
        host.Run();
        await stop.CancelAsync();
        window.End();
    }

    private static async Task FeedAsync(
        ScriptedCloud cloud,
        int rows,
        int changed,
        CancellationToken cancel
    )
    {
        var random = new Random(1);
        var now = Now();
        var shift = now - Samples.Now;
        var whole = Samples.Full();
        whole.Rows.Clear();
        for (var i = 1; i <= rows; i++)
            whole.Rows.Add(Shifted(i, (Status)random.Next(1, 8), shift));
        foreach (
            var map in new[]
            {
                Samples.Map(rows + 100, 0, 0, 300, 24, 600, 12, 0, 0),
                Samples.Map(rows + 2_000, 0, 0, 0, 0, 64, 0, 0, 0),
            }
        )
        {
            (map.Created, map.Started) = (map.Created + shift, map.Started + shift);
            whole.Rows.Add(map);
        }
        foreach (var node in whole.Nodes)
            node.Since += shift;
        foreach (var jobEvent in whole.Events)
            jobEvent.At += shift;
        cloud.Push(whole);
        long started = 0;
        for (var tick = 1; ; tick++)
        {
            await Task.Delay(Tick, cancel);
            if (changed == 0)
                continue;
            var update = new FeedNews
            {
                Number = tick,
                Counts = Samples.Counts(
                    10 + random.Next(8),
                    30 + tick % 50,
                    started += random.Next(20),
                    tick / 40
                ),
            };
            for (var i = 0; i < changed; i++)
                update.Rows.Add(
                    Shifted(random.Next(1, rows + 1), (Status)random.Next(1, 8), shift)
                );
            cloud.Push(update);
        }
    }

    private static JobRow Shifted(long jid, Status status, long shift)
    {
        var row = Samples.Job(jid, status, (int)jid);
        row.Created = Samples.Now - jid * 1_000_000 % 90_000_000_000 + shift - 60_000_000;
        row.Started = row.Started > 0 ? row.Created + 14_000_000 : 0;
        row.Finished = row.Finished > 0 ? row.Created + 44_000_000 : 0;
        return row;
    }

    private static long Now() => TimeProvider.System.NowMicroseconds();
}
