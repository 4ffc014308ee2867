using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Runs the screens on the terminal. Terminal.Gui is not loaded before this.</summary>
internal static class UserInterface
{
    /// <summary>Runs until the user quits or a signal ends it.</summary>
    /// <param name="clock">The clock of the times that the cloud sends.</param>
    /// <param name="command">The headless command, run for actions that need the whole
    /// terminal.</param>
    public static void Run(
        ICloud cloud,
        TimeProvider clock,
        Options options,
        UserFiles files,
        string command,
        UiLog log
    )
    {
        var follower = new CloudFollower(cloud, clock);
        var window = new MainWindow(
            cloud,
            follower,
            clock,
            new MainWindowOptions(
                Environment.UserName,
                options.Palette,
                options.ReadOnly,
                options.Ascii,
                options.Mouse
            )
            {
                Preferences = options.User.Preferences,
                Themes = options.User.Themes,
                IsLocal = options.Connection.Server is CloudAddress.Local,
            },
            ScreenCatalog.All
        );
        foreach (var error in options.User.Errors)
            window.ShowToast(error, ToastKind.Error);
        var host = new TerminalHost(
            window,
            new HostOptions(options.Driver, Synchronized: true, command, files.Write)
            {
                Depth = options.Depth,
                FollowsGround = options.FollowsGround,
            },
            failure => log.Write("The UI failed.", failure)
        );
        TerminalRestore.Guard(host.Stop, host.Resume);
        using var stop = new CancellationTokenSource();
        _ = follower.RunAsync(stop.Token);
        host.Run();
        stop.Cancel();
        window.End();
    }
}
