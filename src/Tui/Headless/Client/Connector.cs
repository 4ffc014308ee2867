using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Client;

/// <summary>Connects to the node in the settings.</summary>
internal static class Connector
{
    /// <summary>A killed node restarts within two or three seconds. After this time, the user
    /// should know.</summary>
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(20);

    /// <summary>Connects; null if the address is a socket on which nothing listens.</summary>
    /// <param name="retry">Whether to retry while the node is unavailable.</param>
    public static CloudConnection? TryConnect(
        ClientSettings settings,
        CommandProcess terminal,
        bool retry = true
    ) => TryConnect(settings.Address(terminal), settings, terminal, retry);

    /// <summary>Connects to the node of this address; null if it is a socket on which nothing
    /// listens.</summary>
    public static CloudConnection? TryConnect(
        CloudAddress address,
        ClientSettings settings,
        CommandProcess terminal,
        bool retry = true
    )
    {
        var token = ReadToken(settings.TokenFile.Value, terminal);
        var patience = new Patience(
            retry ? Shorter(RetryLimit, settings.Timeout / 2) : TimeSpan.Zero,
            settings.GivenTimeout,
            sentence =>
            {
                if (settings.Format != OutputFormat.Json)
                    terminal.Error.WriteLine(sentence);
            }
        );
        if (address is CloudAddress.Remote remote)
            return CloudConnection.ToRemote(
                remote.Uri,
                RemoteServer.Handler(remote.Uri, settings),
                token,
                settings.Timeout,
                patience
            );
        var path = ((CloudAddress.Local)address).Path;
        return CloudConnection.TryConnect(path) is { } socket
            ? CloudConnection.ToLocal(path, socket, token, settings.Timeout, patience)
            : null;
    }

    private static TimeSpan Shorter(TimeSpan limit, TimeSpan timeout) =>
        timeout > TimeSpan.Zero && timeout < limit ? timeout : limit;

    private static string? ReadToken(string file, CommandProcess terminal)
    {
        if (file.Length == 0)
            return null;
        try
        {
            var token = File.ReadAllText(terminal.Absolute(file)).Trim();
            return token.Length > 0
                ? token
                : throw new CommandErrorException(
                    CommandError.Usage($"The token file {file} is empty.")
                );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(
                CommandError.Usage($"The token file {file} cannot be read: {failure.Message}")
            );
        }
    }
}
