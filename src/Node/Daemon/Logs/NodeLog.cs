using System.Globalization;
using System.Text;
using Akka.Actor.Setup;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>Severity of a log entry.</summary>
internal enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>
/// The node's log: one line per entry; an exception's stack trace follows, indented. It is part of
/// the actor system's setup, so that the system's logger finds it.
/// </summary>
/// <param name="output">Stays open until the process ends.</param>
/// <param name="rateLimitedLines">Maximum lines per minute and source about what strangers and
/// clients cause.</param>
internal sealed class NodeLog(
    TextWriter output,
    LogLevel least,
    TimeProvider clock,
    int rateLimitedLines = int.MaxValue
) : Setup
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogRateLimiter> _limiters = [];

    public void Write(LogLevel level, string source, string message, Exception? cause = null)
    {
        if (level < least)
            return;
        var line = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {NameOf(level), -7} {source}: "
            )
            .Append(VisibleText.Of(message.ReplaceLineEndings("\n  ")));
        if (cause is not null)
            line.Append("\n  ").Append(VisibleText.Of(cause.ToString().ReplaceLineEndings("\n  ")));
        lock (_lock)
            try
            {
                output.WriteLine(line.ToString());
                output.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk must not stop the node, so the lines are lost.
            }
    }

    /// <summary>Writes an entry that anyone who reaches a port can cause: one short line, and few
    /// per minute of each source.</summary>
    /// <param name="source">One of a fixed set.</param>
    /// <param name="cause">Only for an entry that users with a token cause.</param>
    /// <returns>False if the entry was left out.</returns>
    public bool WriteRateLimited(
        LogLevel level,
        string source,
        string message,
        Exception? cause = null
    )
    {
        if (level < least)
            return false;
        bool isAdmitted;
        int omitted;
        lock (_lock)
        {
            if (!_limiters.TryGetValue(source, out var limiter))
                _limiters[source] = limiter = new(rateLimitedLines, TimeSpan.FromMinutes(1));
            isAdmitted = limiter.Admits(clock.GetUtcNow(), out omitted);
        }
        if (!isAdmitted)
            return false;
        if (omitted > 0)
            Write(level, source, $"Suppressed {omitted} similar lines.");
        Write(level, source, message.Split('\n')[0], cause);
        return true;
    }

    public static string NameOf(LogLevel level) => level.ToString().ToUpperInvariant();
}
