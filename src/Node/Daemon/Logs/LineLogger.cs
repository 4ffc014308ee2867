using Akka.Actor;
using Akka.Event;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>Writes the actors' log events to <see cref="NodeLog"/>.</summary>
internal sealed class LineLogger : ReceiveActor
{
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

    /// <summary>The path within this system, without its address.</summary>
    private static string Short(string source)
    {
        var user = source.IndexOf("/user/", StringComparison.Ordinal);
        var system = source.IndexOf("/system/", StringComparison.Ordinal);
        var start = Math.Max(user, system);
        return start < 0 ? source : source[(start + 1)..];
    }
}
