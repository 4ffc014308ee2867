using Akka.Actor;
using Akka.Event;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>Takes what actors log to <see cref="NodeLog"/>.</summary>
internal sealed class LineLogger : ReceiveActor
{
    /// <summary>Akka.NET's end of a connection that another opened to the port of the
    /// cluster.</summary>
    private const string Incoming = "TcpServerHandler";

    private readonly NodeLog _log = Context.System.Settings.Setup.Get<NodeLog>().Value;

    public LineLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private void Write(LogEvent said)
    {
        var level = said.LogLevel() switch
        {
            Akka.Event.LogLevel.ErrorLevel => LogLevel.Error,
            Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
            Akka.Event.LogLevel.InfoLevel when IsOurs(said.LogSource) => LogLevel.Info,
            _ => LogLevel.Debug,
        };
        if (said.LogSource.StartsWith(Incoming, StringComparison.Ordinal))
            _log.WriteOfStranger(level, Incoming, $"{said.Message}: {said.Cause?.Message}");
        else
            _log.Write(level, Short(said.LogSource), said.Message?.ToString() ?? "", said.Cause);
    }

    /// <summary>Whether one of our actors speaks: what Akka.NET has to say of itself matters when
    /// it warns.</summary>
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
