using System.CommandLine;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>One run of a command: what was asked for, and the ways out.</summary>
internal sealed class Invocation(Terminal terminal, ParseResult parsed, ClientSettings settings)
{
    public Terminal Terminal { get; } = terminal;
    public ClientSettings Settings { get; } = settings;
    public OutputFormat Format => Settings.Format;
    public bool IsJson => Settings.Format == OutputFormat.Json;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Connects, starting a local node where that is called for.</summary>
    public Task<CloudConnection> ConnectAsync() => Connector.ConnectAsync(Settings, Terminal);
}
