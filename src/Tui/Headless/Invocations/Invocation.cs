using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Nodes;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Invocations;

/// <summary>One run of a command: what was asked for, and the ways out.</summary>
internal sealed class Invocation(Terminal terminal, ParseResult parsed, ClientSettings settings)
{
    public Terminal Terminal { get; } = terminal;
    public ClientSettings Settings { get; } = settings;
    public OutputFormat Format => Settings.Format;
    public bool IsJson => Settings.Format == OutputFormat.Json;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>The jobs that JIDS names.</summary>
    public async Task<Selection> JobsAsync(Argument<Selection?> jids) =>
        await OptionalJobsAsync(jids) ?? throw new TroubleException(Trouble.Usage("Give JIDS."));

    /// <summary>The jobs that JIDS names, from stdin where it says so; null where there are
    /// none.</summary>
    public async Task<Selection?> OptionalJobsAsync(Argument<Selection?> jids)
    {
        if (Get(jids) is not { } jobs)
            return null;
        if (jobs.Items.Count > 0)
            return jobs;
        using var reader = new StreamReader(Terminal.Input, leaveOpen: true);
        var parsed = Jids.ParseLines(await reader.ReadToEndAsync());
        return parsed.Ok
            ? parsed.Value
            : throw new TroubleException(Trouble.Usage($"On stdin: {parsed.Error.Message}"));
    }

    /// <summary>Now, in µs since 1970.</summary>
    public long Now => Terminal.Clock.NowMicroseconds();

    /// <summary>The user's offset from UTC at an instant.</summary>
    public TimeSpan OffsetAt(long micros) =>
        Terminal.Clock.LocalTimeZone.GetUtcOffset(Microseconds.ToInstant(micros));

    /// <summary>An instant for a table; nothing for none.</summary>
    public Cell Instant(long micros) =>
        micros <= 0 ? Cell.None : Cell.Of(Instants.Short(micros, OffsetAt(micros)));

    /// <summary>Connects, starting a local node where that is called for.</summary>
    public Task<CloudConnection> ConnectAsync() => Autostart.ConnectAsync(Settings, Terminal);
}
