using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Nodes;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class TopCommand : CloudCommand, IListed
{
    public TopCommand()
        : base(Word, Summary) { }

    public static string Word => "top";
    public static string Summary => "Open the full-screen UI.";

    public override Task<Report> RunAsync(Invocation call)
    {
        TryOpen(call.Settings, call.Terminal);
        return Task.FromResult<Report>(
            new Trouble(
                ExitCodes.Unexpected,
                "not-installed",
                $"There is no {NodePrograms.FullScreen} in {call.Terminal.Programs}; "
                    + "'jobcloud ls --watch' shows the jobs as they change."
            )
        );
    }

    /// <summary>Becomes the full-screen UI; returns only where it is not installed.</summary>
    public static void TryOpen(ClientSettings settings, Terminal terminal)
    {
        if (NodePrograms.Find(NodePrograms.FullScreen, terminal.Programs) is { } program)
            Posix.Become([program, .. Passed(settings)]);
    }

    /// <summary>What was given for all commands; the environment it has anyway.</summary>
    private static IEnumerable<string> Passed(ClientSettings settings)
    {
        if (settings.Server is { Origin: "--server", Value: var server })
            yield return $"--server={server}";
        if (settings.Autostart.Value == "off")
            yield return "--no-autostart";
    }
}
