using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Screens.Nodes;

namespace JobCloud.Tui.FullScreen.Screens.Commands;

/// <summary>The catalogue of the palette's commands. Commands that the headless program has too use
/// its names.</summary>
internal static class PaletteCommands
{
    private static readonly string[] SelectionWords =
    [
        "all",
        "unfinished",
        "last",
        "failed",
        "label:",
        "status:",
        "map:",
    ];

    public static IReadOnlyList<PaletteCommand> All { get; } =
    [
        new("jobs", "[QUERY]", "show the job table, filtered", ShowJobs, _ => QueryWords),
        new("ls", "[QUERY]", "same as jobs", ShowJobs, _ => QueryWords),
        new("nodes", "", "show the nodes", (window, _) => window.Go(GlobalKeys.Nodes)),
        new("pulse", "", "show the cloud's activity", (window, _) => window.Go(GlobalKeys.Pulse)),
        new("events", "[JID]", "show events as they occur, or those of a job", ShowEvents),
        new(
            "forecast",
            "",
            "show when queued jobs are expected to start",
            (window, _) => window.Go(GlobalKeys.Forecast)
        ),
        new("job", "JID", "show a job", (f, a) => Open(f, a, f.Screens.Job)),
        new(
            "explain",
            "JID",
            "show why a job has its status",
            (f, a) => Open(f, a, f.Screens.Explain)
        ),
        new("files", "JID", "show the files of a job", (f, a) => Open(f, a, f.Screens.Files)),
        new("map", "JID", "show a map", (f, a) => Open(f, a, f.Screens.Map)),
        new("info", "JID", "same as job", (f, a) => Open(f, a, f.Screens.Job)),
        new("logs", "JID", "show a job's output", (f, a) => Open(f, a, f.Screens.Output)),
        new(
            "submit",
            "",
            "open the submission form",
            (window, _) => window.Open(window.Screens.Submit(window, null)),
            Changes: true
        ),
        new(
            "ssh",
            "JID",
            "open a terminal in a job",
            (f, a) => WithJid(f, a, jid => JobActions.Shell(f, jid))
        ),
        new(
            "kill",
            "JIDS",
            "kill jobs",
            (f, a) => Change(f, a, JobVerb.Kill),
            _ => SelectionWords,
            true
        ),
        new(
            "delete",
            "JIDS",
            "delete finished jobs",
            (f, a) => Change(f, a, JobVerb.Delete),
            _ => SelectionWords,
            true
        ),
        new(
            "retry",
            "JIDS",
            "run failed jobs again",
            (f, a) => Change(f, a, JobVerb.Retry),
            _ => SelectionWords,
            true
        ),
        new(
            "prioritize",
            "JIDS N",
            "set the priority; lower runs first",
            Prioritize,
            _ => SelectionWords,
            true
        ),
        new("drain", "NODE", "stop assigning jobs to a node", NodeActions.Drain, NodeNames, true),
        new("undrain", "NODE", "assign jobs to a node again", NodeActions.Undrain, NodeNames, true),
        new("at", "TIME", "show the past, such as 02:14, 2h or 2026-11-29T02:14", Travel),
        new("theme", "NAME", "choose the colour theme", SetTheme, ThemeNames),
        new(
            "set",
            "NAME VALUE",
            "turn mouse or ascii on or off",
            Set,
            _ => ["mouse", "ascii", "on", "off"]
        ),
        new("w", "FILE", "save the table as .csv or .json", Write),
        new(
            "help",
            "",
            "show the keys",
            (window, _) => window.ShowDialog(new HelpOverlay(window, window.Top.Keys))
        ),
        new("q", "", "quit", (window, _) => window.Quit()),
        .. HeadlessCommands.All,
    ];

    // The commands that show the past, or nothing of the cloud.
    private static readonly HashSet<string> OfPast =
    [
        "jobs",
        "ls",
        "nodes",
        "pulse",
        "events",
        "forecast",
        "job",
        "info",
        "logs",
        "at",
        "theme",
        "set",
        "w",
        "help",
        "q",
    ];

    private static void Travel(MainWindow window, string text)
    {
        var now = window.Clock.NowMicroseconds();
        var offset = window.OffsetAt(now);
        // A time alone is the last one that has passed.
        var isTime = TimeOnly.TryParseExact(text, "HH:mm", out _);
        var today = Instants.Short(now, offset)[..10];
        var read = Instants.Parse(isTime ? $"{today} {text}" : text, now, offset);
        if (!read.Ok)
            window.ShowToast(read.Error.Message, ToastKind.Error);
        else if (read.Value > now && !isTime)
            window.ShowToast($"'{text}' has not passed yet.", ToastKind.Error);
        else
            window.TravelTo(read.Value > now ? read.Value - 24 * 3_600_000_000L : read.Value);
    }

    private static IEnumerable<string> QueryWords => RowFields.Names.Concat(StatusNames.All);

    /// <summary>Runs a command line; shows an error as a toast.</summary>
    public static void Run(MainWindow window, string line)
    {
        var words = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        var argument = words.Length > 1 ? words[1] : "";
        if (All.FirstOrDefault(command => command.Name == words[0]) is not { } command)
        {
            var hint = Suggestions.Hint(words[0], [.. All.Select(c => c.Name)]);
            window.ShowToast($"Unknown command '{words[0]}': {hint}", ToastKind.Error);
        }
        else if (command.NeedsArgument && argument.Length == 0)
            window.ShowToast($"'{command.Name}' requires {command.Usage}.", ToastKind.Error);
        else if (window.Past is not null && !OfPast.Contains(command.Name))
            window.ShowPast();
        else if (command.Changes && window.Options.ReadOnly)
            window.ShowReadOnly();
        else
            command.Run(window, argument);
    }

    private static void ShowEvents(MainWindow window, string jid)
    {
        if (jid.Length == 0)
            window.Go(GlobalKeys.Events);
        else
            WithJid(window, jid, one => window.Open(window.Screens.Events(window, one)));
    }

    private static void ShowJobs(MainWindow window, string query) =>
        window.Root<JobsScreen>(GlobalKeys.Jobs).Filter(query);

    private static void Open(
        MainWindow window,
        string text,
        Func<MainWindow, Jid, Screen> screen
    ) => WithJid(window, text, jid => window.Open(screen(window, jid)));

    private static void WithJid(MainWindow window, string text, Action<Jid> run)
    {
        var read = JidNotation.Parse(text);
        if (!read.Ok)
            window.ShowToast(read.Error.Message, ToastKind.Error);
        else if (read.Value.Items is [{ Range: { } range }] && range.First == range.Last)
            run(new Jid(range.First));
        else
            window.ShowToast($"'{text}' is not a single job; enter one jid.", ToastKind.Error);
    }

    private static void Change(MainWindow window, string text, JobVerb verb)
    {
        var read = JidNotation.Parse(text);
        if (read.Ok)
            JobActions.Change(window, verb, read.Value);
        else
            window.ShowToast(read.Error.Message, ToastKind.Error);
    }

    private static void Prioritize(MainWindow window, string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var text, var number] || !int.TryParse(number, out var priority))
            window.ShowToast("'prioritize' requires JIDS and a whole number.", ToastKind.Error);
        else if (JidNotation.Parse(text) is { Ok: true } read)
            JobActions.Prioritize(window, read.Value, priority);
        else
            window.ShowToast(JidNotation.Parse(text).Error!.Message, ToastKind.Error);
    }

    private static IEnumerable<string> NodeNames(MainWindow window) =>
        window.Snapshot.Nodes.Select(line => line.Node.Name);

    private static void SetTheme(MainWindow window, string name)
    {
        if (window.Options.Themes.LastOrDefault(theme => theme.Name == name) is not { } palette)
        {
            var hint = Suggestions.Hint(name, [.. ThemeNames(window)]);
            window.ShowToast($"Unknown theme '{name}': {hint}", ToastKind.Error);
            return;
        }
        window.Palette = palette;
        window.ChangePreferences(preferences => preferences with { Theme = name });
    }

    private static IEnumerable<string> ThemeNames(MainWindow window) =>
        window.Options.Themes.Select(theme => theme.Name).Distinct();

    private static void Set(MainWindow window, string argument)
    {
        switch (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["mouse", "on" or "off"]:
                window.SetMouse(argument.EndsWith("on", StringComparison.Ordinal));
                break;
            case ["ascii", "on" or "off"]:
                window.Ascii = argument.EndsWith("on", StringComparison.Ordinal);
                window.ChangePreferences(preferences => preferences with { Ascii = window.Ascii });
                break;
            default:
                window.ShowToast(
                    $"Cannot set '{argument}'; enter mouse or ascii, then on or off.",
                    ToastKind.Error
                );
                break;
        }
    }

    private static void Write(MainWindow window, string typed)
    {
        var rows = window.Root<JobsScreen>(GlobalKeys.Jobs).Rows;
        _ = WriteAsync(window, TypedPath.Expand(typed), rows);
    }

    private static async Task WriteAsync(MainWindow window, string path, IReadOnlyList<JobRow> rows)
    {
        var written = await SaveOverlay.WriteAsync(window, path, rows).ConfigureAwait(false);
        window.Post(() =>
        {
            if (written.Error.Length > 0)
                window.ShowToast(written.Error, ToastKind.Error);
            else
                window.ShowToast(written.Message, ToastKind.Done);
        });
    }
}
