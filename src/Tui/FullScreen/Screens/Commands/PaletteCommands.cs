using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
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
        new("nodes", "", "show the nodes", (frame, _) => frame.Go(FrameKeys.Nodes)),
        new("pulse", "", "show the cloud's activity", (frame, _) => frame.Go(FrameKeys.Pulse)),
        new("events", "", "show events as they occur", (frame, _) => frame.Go(FrameKeys.Events)),
        new("job", "JID", "show a job", (f, a) => Open(f, a, f.Places.Job)),
        new("info", "JID", "same as job", (f, a) => Open(f, a, f.Places.Job)),
        new("logs", "JID", "show a job's output", (f, a) => Open(f, a, f.Places.Output)),
        new(
            "submit",
            "",
            "open the submission form",
            (frame, _) => frame.Open(frame.Places.Submit(frame, null)),
            Changes: true
        ),
        new(
            "ssh",
            "JID",
            "open a terminal in a job",
            (f, a) => WithJid(f, a, jid => JobActs.Shell(f, jid))
        ),
        new(
            "kill",
            "JIDS",
            "kill jobs",
            (f, a) => Ask(f, a, "kill", "killed", s => CloudCalls.Kill.With(new() { Jobs = s })),
            _ => SelectionWords,
            true
        ),
        new(
            "delete",
            "JIDS",
            "delete finished jobs",
            (f, a) =>
                Ask(f, a, "delete", "deleted", s => CloudCalls.Delete.With(new() { Jobs = s })),
            _ => SelectionWords,
            true
        ),
        new(
            "retry",
            "JIDS",
            "run failed jobs again",
            (f, a) => Ask(f, a, "retry", "retried", s => CloudCalls.Retry.With(new() { Jobs = s })),
            _ => SelectionWords,
            true
        ),
        new(
            "prioritize",
            "N JIDS",
            "set the priority; lower runs first",
            Prioritize,
            _ => SelectionWords,
            true
        ),
        new("drain", "NODE", "stop assigning jobs to a node", NodeActs.Drain, NodeNames, true),
        new("undrain", "NODE", "assign jobs to a node again", NodeActs.Undrain, NodeNames, true),
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
            (frame, _) => frame.Ask(new HelpOverlay(frame, frame.Top.Keys))
        ),
        new("q", "", "quit", (frame, _) => frame.Quit()),
    ];

    private static IEnumerable<string> QueryWords => RowFields.Names.Concat(StatusWords.All);

    /// <summary>Runs a command line; shows an error as a toast.</summary>
    public static void Run(Frame frame, string line)
    {
        var words = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        var argument = words.Length > 1 ? words[1] : "";
        if (All.FirstOrDefault(command => command.Name == words[0]) is not { } command)
        {
            var hint = Suggestions.Hint(words[0], [.. All.Select(c => c.Name)]);
            frame.Say($"Unknown command '{words[0]}': {hint}", ToastKind.Error);
        }
        else if (command.NeedsArgument && argument.Length == 0)
            frame.Say($"'{command.Name}' requires {command.Usage}.", ToastKind.Error);
        else if (command.Changes && frame.Options.ReadOnly)
            frame.ShowReadOnly();
        else
            command.Run(frame, argument);
    }

    private static void ShowJobs(Frame frame, string query) =>
        frame.Root<JobsScreen>(FrameKeys.Jobs).Filter(query);

    private static void Open(Frame frame, string text, Func<Frame, long, Screen> screen) =>
        WithJid(frame, text, jid => frame.Open(screen(frame, jid)));

    private static void WithJid(Frame frame, string text, Action<long> run)
    {
        var read = Jids.Parse(text);
        if (!read.Ok)
            frame.Say(read.Error.Message, ToastKind.Error);
        else if (read.Value.Items is [{ Range: { } range }] && range.First == range.Last)
            run(range.First);
        else
            frame.Say($"'{text}' is not a single job; enter one jid.", ToastKind.Error);
    }

    private static void Ask(
        Frame frame,
        string text,
        string verb,
        string participle,
        Func<Selection, CallRequest<ChangeReply>> request
    )
    {
        var read = Jids.Parse(text);
        if (read.Ok)
            JobActs.Ask(frame, verb, participle, read.Value, request);
        else
            frame.Say(read.Error.Message, ToastKind.Error);
    }

    private static void Prioritize(Frame frame, string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var number, var text] || !int.TryParse(number, out var priority))
            frame.Say("'prioritize' requires a whole number and JIDS.", ToastKind.Error);
        else if (Jids.Parse(text) is { Ok: true } read)
            JobActs.Prioritize(frame, read.Value, priority);
        else
            frame.Say(Jids.Parse(text).Error!.Message, ToastKind.Error);
    }

    private static IEnumerable<string> NodeNames(Frame frame) =>
        frame.News.Nodes.Select(line => line.Node.Name);

    private static void SetTheme(Frame frame, string name)
    {
        if (frame.Options.Themes.LastOrDefault(theme => theme.Name == name) is not { } palette)
        {
            var hint = Suggestions.Hint(name, [.. ThemeNames(frame)]);
            frame.Say($"Unknown theme '{name}': {hint}", ToastKind.Error);
            return;
        }
        frame.Palette = palette;
        frame.Choose(choices => choices with { Theme = name });
    }

    private static IEnumerable<string> ThemeNames(Frame frame) =>
        frame.Options.Themes.Select(theme => theme.Name).Distinct();

    private static void Set(Frame frame, string argument)
    {
        switch (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["mouse", "on" or "off"]:
                frame.SetMouse(argument.EndsWith("on", StringComparison.Ordinal));
                break;
            case ["ascii", "on" or "off"]:
                frame.Ascii = argument.EndsWith("on", StringComparison.Ordinal);
                frame.Choose(choices => choices with { Ascii = frame.Ascii });
                break;
            default:
                frame.Say(
                    $"Cannot set '{argument}'; enter mouse or ascii, then on or off.",
                    ToastKind.Error
                );
                break;
        }
    }

    private static void Write(Frame frame, string path) =>
        SaveOverlay.Write(frame, path, frame.Root<JobsScreen>(FrameKeys.Jobs).Rows);
}
