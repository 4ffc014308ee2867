using System.CommandLine;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class TopCommand : CloudCommand, IListed
{
    private readonly Option<string?> _theme = Opt.Text(
        "--theme",
        "NAME",
        "dark, light, 16, none, or one of your own"
    );
    private readonly Option<string?> _color = Opt.Text(
        "--color",
        "WHEN",
        "auto, 16, true or none (auto: NO_COLOR, COLORTERM and TERM decide)"
    );
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--readonly",
        "send nothing that changes anything"
    );
    private readonly Option<bool> _ascii = Opt.Flag("--ascii", "no characters but ASCII");
    private readonly Option<bool> _noMouse = Opt.Flag(
        "--no-mouse",
        "clicks select text, as the terminal does"
    );

    public TopCommand()
        : base(Word, Summary)
    {
        Option[] options = [_theme, _color, _readOnly, _ascii, _noMouse];
        foreach (var option in options)
            Add(option);
        _theme.CompletionSources.Add("dark", "light", "16", "none");
        _color.CompletionSources.Add("auto", "16", "true", "none");
    }

    public static string Word => "top";
    public static string Summary => "Open the full-screen UI.";

    public override Task<Report> RunAsync(Invocation call)
    {
        TryOpen(call.Settings, call.Terminal, Given(call));
        return Task.FromResult<Report>(
            new Trouble(
                ExitCodes.Unexpected,
                "not-installed",
                $"There is no {JobCloudProgram.FullScreen} in {call.Terminal.Programs}; "
                    + "'jobcloud ls --watch' shows the jobs as they change."
            )
        );
    }

    /// <summary>Becomes the full-screen UI; returns only where it is not installed.</summary>
    /// <param name="given">Options of its own.</param>
    public static void TryOpen(
        ClientSettings settings,
        Terminal terminal,
        IEnumerable<string> given
    )
    {
        if (terminal.Find(JobCloudProgram.FullScreen) is { } program)
            Posix.Become([program, .. Passed(settings), .. given]);
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

    /// <summary>What was given for all commands; the environment it has anyway.</summary>
    private static IEnumerable<string> Passed(ClientSettings settings)
    {
        foreach (var setting in (Setting[])[settings.Server, settings.TokenFile, settings.CaFile])
            if (setting.Origin.StartsWith("--", StringComparison.Ordinal))
                yield return $"{setting.Origin}={setting.Value}";
        if (settings.Autostart.Value == "off")
            yield return "--no-autostart";
    }
}
