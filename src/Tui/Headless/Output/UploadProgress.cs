using System.Text;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Output;

/// <summary>A line on stderr that shows how much of a file is sent, if stderr is a terminal and it
/// takes longer than a moment.</summary>
internal sealed class UploadProgress(CommandProcess terminal, string name, long size)
    : IUploadProgress
{
    private const int Cells = 30;
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);
    private long _shownAt = terminal.Clock.GetTimestamp();
    private bool _isShown;

    /// <summary>The files to send along, each with such a line.</summary>
    public static OutgoingFiles Files(CommandProcess terminal) =>
        new(terminal.Variable, (name, size) => new UploadProgress(terminal, name, size));

    public void Show(long sent)
    {
        if (!terminal.ErrorIsTerminal || terminal.Clock.GetElapsedTime(_shownAt) < MinInterval)
            return;
        _shownAt = terminal.Clock.GetTimestamp();
        _isShown = true;
        var line = VisibleText.Of(Line(name, sent, size));
        terminal.ErrorBytes.Write(Encoding.UTF8.GetBytes($"\r{line}\u001b[K"));
    }

    /// <summary>For example, <c>[#####.....] data.csv: 450M of 1.0G sent</c>.</summary>
    public static string Line(string name, long sent, long size)
    {
        var full = size > 0 ? (int)((Int128)sent * Cells / size) : Cells;
        return $"[{new string('#', full)}{new string('.', Cells - full)}] "
            + $"{name}: {Sizes.Short(sent)} of {Sizes.Short(size)} sent";
    }

    public void Dispose()
    {
        if (_isShown)
            terminal.ErrorBytes.Write("\r\u001b[K"u8);
    }
}
