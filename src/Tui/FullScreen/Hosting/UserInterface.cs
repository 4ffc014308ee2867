using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The screens on the terminal, over a cloud. Terminal.Gui is loaded here and not
/// before.</summary>
internal static class UserInterface
{
    /// <summary>Until the user leaves, or a signal says so.</summary>
    /// <param name="command">The headless command, which is run for what needs the whole
    /// terminal.</param>
    public static void Run(
        ICloud cloud,
        Options options,
        UserFiles files,
        string command,
        UiLog log
    )
    {
        var follower = new CloudFollower(cloud, TimeProvider.System);
        var frame = new Frame(
            cloud,
            follower,
            TimeProvider.System,
            new FrameOptions(
                Environment.UserName,
                options.Palette,
                options.ReadOnly,
                options.Ascii,
                options.Mouse
            )
            {
                Choices = options.User.Choices,
                Themes = options.User.Themes,
            },
            ScreenCatalog.All
        );
        foreach (var trouble in options.User.Troubles)
            frame.Say(trouble, ToastKind.Error);
        var host = new TerminalHost(
            frame,
            new HostOptions(options.Driver, Synchronized: true, command, files.Write),
            failure => log.Write("The screens failed.", failure)
        );
        TerminalRestore.Guard(host.Stop, host.GoOn);
        using var life = new CancellationTokenSource();
        _ = follower.RunAsync(life.Token);
        host.Run();
        life.Cancel();
        frame.End();
    }
}
