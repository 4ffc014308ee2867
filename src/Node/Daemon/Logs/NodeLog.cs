using System.Globalization;
using System.Text;
using Akka.Actor.Setup;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>How much something in the log matters.</summary>
internal enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>
/// One line of text for each thing worth saying; an exception's stack follows, indented. It is part
/// of an actor system's setup, so that the system's own logger finds it.
/// </summary>
/// <param name="output">Stays open for as long as the process lives.</param>
/// <param name="strangerLines">Lines a minute at most of what strangers do.</param>
internal sealed class NodeLog(
    TextWriter output,
    LogLevel least,
    TimeProvider clock,
    int strangerLines = int.MaxValue
) : Setup
{
    private readonly Lock _lock = new();
    private readonly Babble _strangers = new(strangerLines, TimeSpan.FromMinutes(1));

    public void Write(LogLevel level, string source, string message, Exception? cause = null)
    {
        if (level < least)
            return;
        var line = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {NameOf(level), -7} {source}: "
            )
            .Append(message.ReplaceLineEndings("\n  "));
        if (cause is not null)
            line.Append("\n  ").Append(cause.ToString().ReplaceLineEndings("\n  "));
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>Writes what whoever reaches a port can bring about: one short line each, and not
    /// many.</summary>
    public void WriteOfStranger(LogLevel level, string source, string message)
    {
        if (level < least)
            return;
        bool isAdmitted;
        int untold;
        lock (_lock)
            isAdmitted = _strangers.Admits(clock.GetUtcNow(), out untold);
        if (!isAdmitted)
            return;
        if (untold > 0)
            Write(level, source, $"{untold} more lines like these were left out.");
        Write(level, source, message.Split('\n')[0]);
    }

    public static string NameOf(LogLevel level) => level.ToString().ToUpperInvariant();
}
