using System.CommandLine;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class TopCommand : CloudCommand, IListedCommand
{
    private readonly Option<string?> _theme = Opt.Text(
        "--theme",
        "NAME",
        "dark, light, 16, none or a theme of your own"
    );
    private readonly Option<string?> _color = Opt.Text(
        "--color",
        "WHEN",
        "auto, 16, true or none (auto uses NO_COLOR, COLORTERM and TERM)"
    );
    private readonly Option<bool> _readOnly = Opt.Flag("--readonly", "disable all changes");
    private readonly Option<bool> _ascii = Opt.Flag("--ascii", "use only ASCII characters");
    private readonly Option<bool> _noMouse = Opt.Flag(
        "--no-mouse",
        "do not use the mouse, so that the terminal can select text"
    );

    public TopCommand()
        : base(CommandName, Summary)
    {
        Option[] options = [_theme, _color, _readOnly, _ascii, _noMouse];
        foreach (var option in options)
            Add(option);
        _theme.CompletionSources.Add("dark", "light", "16", "none");
        _color.CompletionSources.Add("auto", "16", "true", "none");
    }

    public static string CommandName => "top";
    public static string Summary => "Open the full-screen UI.";

    public override Task<Report> RunAsync(Invocation call)
    {
        TryOpen(call.Settings, call.Terminal, Given(call));
        return Task.FromResult<Report>(
            new CommandError(
                ErrorKinds.NotInstalled,
                $"{JobCloudProgram.FullScreen} was not found in {call.Terminal.Programs}; install it there "
                    + "or use 'jobcloud ls --watch'."
            )
        );
    }

    /// <summary>Replaces this process with the full-screen UI; returns only if it is not
    /// installed.</summary>
    /// <param name="given">Options for the full-screen UI.</param>
    public static void TryOpen(
        ClientSettings settings,
        CommandProcess terminal,
        IEnumerable<string> given
    )
    {
        if (terminal.Find(JobCloudProgram.FullScreen) is { } program)
            Posix.Exec([program, .. GlobalFlags(settings), .. given]);
    }

    private IEnumerable<string> Given(Invocation call)
    {
        foreach (var option in (Option<string?>[])[_theme, _color])
            if (call.Get(option) is { } value)
                yield return $"{option.Name}={value}";
        foreach (var option in (Option<bool>[])[_readOnly, _ascii, _noMouse])
            if (call.Get(option))
                yield return option.Name;
    }

    /// <summary>The global options to pass on. The UI inherits the environment anyway.</summary>
    private static IEnumerable<string> GlobalFlags(ClientSettings settings)
    {
        foreach (
            var setting in (ClientSetting[])[settings.Server, settings.TokenFile, settings.CaFile]
        )
            if (setting.Origin.StartsWith("--", StringComparison.Ordinal))
                yield return $"{setting.Origin}={setting.Value}";
        if (settings.Autostart.Value == "off")
            yield return "--no-autostart";
    }
}
