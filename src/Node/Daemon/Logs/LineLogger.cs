using System.Buffers;
using Akka.Actor;
using Akka.Event;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>Writes the actors' log events to <see cref="NodeLog"/>.</summary>
internal sealed class LineLogger : ReceiveActor
{
    private const string Remoting = "remoting";

    private static readonly string[] RemotingPaths =
    [
        "system/endpointManager",
        "system/transports",
        "system/remote",
    ];

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz."
    );

    private readonly NodeLog _log = Context.System.Settings.Setup.Get<NodeLog>().Value;

    public LineLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private void Write(LogEvent logged)
    {
        var level = logged.LogLevel() switch
        {
            Akka.Event.LogLevel.ErrorLevel => LogLevel.Error,
            Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
            Akka.Event.LogLevel.InfoLevel when IsOurs(logged.LogSource) => LogLevel.Info,
            _ => LogLevel.Debug,
        };
        if (LimitedAs(logged.LogSource) is { } name)
            _log.WriteRateLimited(
                level,
                name,
                logged.Cause is { } cause
                    ? $"{logged.Message}: {cause.Message}"
                    : $"{logged.Message}"
            );
        else
            _log.Write(
                level,
                Short(logged.LogSource),
                logged.Message?.ToString() ?? "",
                logged.Cause
            );
    }

    /// <summary>Whether one of our own actors logged it. Of Akka.NET's own events only warnings and
    /// errors matter.</summary>
    private static bool IsOurs(string source) =>
        source.Contains("/user/", StringComparison.Ordinal);

    /// <summary>The name under which lines are limited that strangers at the cluster's port can
    /// cause: those of Akka.NET's remoting and of the libraries below it. Null for actors of the
    /// node and of its cluster.</summary>
    internal static string? LimitedAs(string source)
    {
        var path = Short(source);
        if (RemotingPaths.Any(start => path.StartsWith(start, StringComparison.Ordinal)))
            return Remoting;
        if (
            path.StartsWith("user/", StringComparison.Ordinal)
            || path.StartsWith("system/", StringComparison.Ordinal)
        )
            return null;
        var name = source.AsSpan();
        var end = name.IndexOfAnyExcept(Letters);
        return end == 0 || name.IsEmpty ? Remoting
            : end < 0 ? source
            : source[..end];
    }

    /// <summary>The path within this system, without its address.</summary>
    private static string Short(string source)
    {
        var user = source.IndexOf("/user/", StringComparison.Ordinal);
        var system = source.IndexOf("/system/", StringComparison.Ordinal);
        var start = Math.Max(user, system);
        return start < 0 ? source : source[(start + 1)..];
    }
}
