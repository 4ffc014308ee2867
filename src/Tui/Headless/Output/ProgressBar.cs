using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Output;

/// <summary>A line on stderr that shows the progress of jobs, if stderr is a terminal.</summary>
internal sealed class ProgressBar(CommandProcess terminal) : IDisposable
{
    private const int Cells = 30;
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);
    private long? _shownAt;

    public void Show(AwaitReply reply)
    {
        if (!terminal.ErrorIsTerminal)
            return;
        var tooSoon = _shownAt is { } at && terminal.Clock.GetElapsedTime(at) < MinInterval;
        if (tooSoon && !reply.Finished)
            return;
        _shownAt = terminal.Clock.GetTimestamp();
        terminal.ErrorBytes.Write(Encoding.UTF8.GetBytes($"\r{Line(reply)}\u001b[K"));
    }

    /// <summary>For example,
    /// <c>[#####.....] 45/100  queued 50  processing 5  done 45</c>.</summary>
    public static string Line(AwaitReply reply)
    {
        var finished = 0L;
        var line = new StringBuilder();
        for (var i = 1; i < reply.Counts.Count; i++)
        {
            var status = (Status)i;
            if (status is Status.Done or Status.Error or Status.Killed or Status.Stalled)
                finished += reply.Counts[i];
            if (reply.Counts[i] > 0)
                line.Append($"  {StatusNames.Of(status)} {reply.Counts[i]}");
        }
        var full = reply.Total > 0 ? (int)(finished * Cells / reply.Total) : 0;
        return $"[{new string('#', full)}{new string('.', Cells - full)}] "
            + $"{finished}/{reply.Total}{line}";
    }

    public void Dispose()
    {
        if (_shownAt is not null)
            terminal.Error.WriteLine();
    }
}
