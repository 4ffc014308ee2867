using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Client.Nodes;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Nodes;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Invocations;

/// <summary>One invocation of a command: its arguments, settings and terminal.</summary>
internal sealed class Invocation(
    CommandProcess terminal,
    ParseResult parsed,
    ClientSettings settings
)
{
    public CommandProcess Terminal { get; } = terminal;
    public ClientSettings Settings { get; } = settings;
    public OutputFormat Format => Settings.Format;
    public bool IsJson => Settings.Format == OutputFormat.Json;

    /// <summary>Whether a note about what was done goes to stderr; JSON contains it.</summary>
    public bool ShowsNotes => Settings.Format is OutputFormat.Default or OutputFormat.NoHeader;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    private CloudConnection? _cloud;

    private readonly TaskCompletionSource<CommandError> _interrupted = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes if the user interrupts a command that waits for jobs.</summary>
    public Task<CommandError> Interrupted => _interrupted.Task;

    /// <summary>The jid of the job of this cloud that runs this command; 0: none.</summary>
    public long Inside =>
        Settings.Server.Origin == ConnectionVariables.Server
            ? ConnectionVariables.JobOf(Terminal.Variable)
            : 0;

    /// <summary>From now on, Ctrl-C ends the command and says that the jobs go on.</summary>
    public void WaitFor(Selection jobs)
    {
        var one = jobs.Items is [{ Range: { } range }] && range.First == range.Last;
        var error = CommandError.Interrupted(
            JidNotation.Print(jobs),
            new Jid(one ? jobs.Items[0].Range.First : 0)
        );
        Terminal.OnInterrupt(() => _interrupted.TrySetResult(error));
    }

    /// <summary>The jobs that JIDS selects.</summary>
    public async Task<Selection> JobsAsync(Argument<Selection?> jids) =>
        await OptionalJobsAsync(jids)
        ?? throw new CommandErrorException(CommandError.Usage("Missing argument JIDS."));

    /// <summary>The jobs that JIDS selects, read from stdin for <c>-</c>; null if JIDS is
    /// absent.</summary>
    public async Task<Selection?> OptionalJobsAsync(Argument<Selection?> jids)
    {
        if (Get(jids) is not { } jobs)
            return null;
        if (jobs.Items.Count > 0)
            return jobs;
        var parsed = await ReadJobsAsync();
        return parsed.Ok
            ? parsed.Value
            : throw new CommandErrorException(CommandError.Usage(parsed.Error.Message));
    }

    /// <summary>The jobs whose jids are on stdin.</summary>
    public async Task<Parsed<Selection>> ReadJobsAsync()
    {
        using var reader = new StreamReader(Terminal.Input, leaveOpen: true);
        var parsed = JidNotation.ParseLines(await reader.ReadToEndAsync());
        return parsed.Ok
            ? parsed
            : parsed.Error with
            {
                Message = $"On stdin: {parsed.Error.Message}",
            };
    }

    /// <summary>The jid of the only job that JID selects.</summary>
    public async Task<Jid> JobAsync(CloudConnection cloud, Argument<Selection?> jid)
    {
        var jobs = await JobsAsync(jid);
        if (jobs.Items is [{ Range: { } range }] && range.First == range.Last)
            return new Jid(range.First);
        var reply = await cloud.Api.StatusAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        var count = reply.Runs.Sum(static run => run.Count);
        return count == 1
            ? new Jid(reply.Runs[0].First)
            : throw new CommandErrorException(
                CommandError.Usage($"JID selects {count} jobs; name exactly one.")
            );
    }

    /// <summary>The current time in µs since 1970, by the clock of the node once that has
    /// answered.</summary>
    public long Now => Terminal.Clock.NowMicroseconds() + (_cloud?.ClockAhead ?? 0);

    /// <summary>The user's UTC offset at an instant.</summary>
    public TimeSpan OffsetAt(long micros) =>
        Terminal.Clock.LocalTimeZone.GetUtcOffset(Microseconds.ToInstant(micros));

    /// <summary>A table cell for an instant; empty if there is none. On a terminal it is
    /// short.</summary>
    public TableCell Instant(long micros) =>
        micros <= 0 ? TableCell.None : TableCell.Of(InstantText(micros));

    /// <summary>Parses an instant; a time before now is before the node's.</summary>
    public async Task<long> InstantAsync(CloudConnection cloud, string text)
    {
        await cloud.LearnClockAsync();
        return Instants.Parse(text, Now, OffsetAt(Now)).Value;
    }

    /// <summary>An instant; on a terminal it is short.</summary>
    public string InstantText(long micros) =>
        Terminal.OutputIsTerminal
            ? Instants.Brief(micros, Now, OffsetAt(micros))
            : Instants.Short(micros, OffsetAt(micros));

    /// <summary>Connects; starts a local node if necessary.</summary>
    public async Task<CloudConnection> ConnectAsync() =>
        _cloud = await Autostart.ConnectAsync(Endpoint, LocalNode.NoticesOf(Terminal));

    /// <summary>Where this command connects.</summary>
    public Endpoint Endpoint => Settings.Endpoint(Terminal);
}
