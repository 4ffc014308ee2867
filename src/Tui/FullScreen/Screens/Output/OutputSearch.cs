using JobCloud.Protocol.Api;
using JobCloud.Protocol.Outputs;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>A search of the whole kept stream, by the node. It starts when the pattern has stayed
/// the same for a moment.</summary>
/// <param name="request">The stream; it is followed.</param>
internal sealed class OutputSearch(MainWindow window, OutputRequest request, LinePattern pattern)
    : IDisposable
{
    private const int RepliesPerTick = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly TimeSpan _due = window.Elapsed + Pause;
    private SearchPump? _pump;
    private SearchPump? _lines;

    public LinePattern Pattern => pattern;
    public LogMatches Matches { get; } = new();

    /// <summary>The matching lines alone; null: they are not wanted.</summary>
    public LogView? Filtered { get; private set; }

    private LineLog? _filteredLog;

    /// <summary>The reason why it failed; empty: it has not.</summary>
    public string Error => _pump?.Refusal?.Message ?? "";

    /// <summary>Takes what was found; false: nothing changed.</summary>
    public bool Tick()
    {
        if (_pump is null && window.Elapsed >= _due)
            Start();
        var changed = false;
        for (var i = 0; i < RepliesPerTick && _pump?.TryTake(out var reply) == true; i++)
        {
            changed = true;
            if (reply is null)
                Matches.Clear();
            else
                Matches.Take(reply);
        }
        for (var i = 0; i < RepliesPerTick && _lines?.TryTake(out var reply) == true; i++)
        {
            changed = true;
            Take(reply);
        }
        return changed;
    }

    /// <summary>Starts now.</summary>
    public void Start() => _pump ??= Pump(hasTexts: false);

    /// <summary>Loads the matching lines, the newest of them as many as a log holds.</summary>
    public void ShowLines(LogView like)
    {
        Start();
        _filteredLog = new LineLog(OutputLoader.Limits);
        Filtered = like.Of(_filteredLog);
        _lines = Pump(hasTexts: true);
    }

    public void HideLines()
    {
        _lines?.Dispose();
        (_lines, _filteredLog, Filtered) = (null, null, null);
    }

    /// <summary>Shows the line at an offset among the matching lines.</summary>
    public void RevealLine(long offset)
    {
        if (_filteredLog?.LineAt(offset) is { } line)
            Filtered!.Mark(line);
    }

    public void Dispose()
    {
        HideLines();
        _pump?.Dispose();
    }

    private void Take(SearchReply? reply)
    {
        if (_filteredLog is not { } log)
            return;
        if (reply is null)
        {
            log.Note("the search starts again");
            return;
        }
        foreach (var match in reply.Matches)
        {
            log.Begin(LineSource.First, match.Offset);
            log.Append(LineSource.First, match.Offset, match.Text.Span);
            log.Finish(LineSource.First);
        }
    }

    private SearchPump Pump(bool hasTexts)
    {
        var output = request.Clone();
        output.Follow = true;
        return new SearchPump(
            window.Cloud,
            window.Clock,
            new SearchRequest
            {
                Output = output,
                Pattern = pattern.Text,
                Regex = pattern.IsRegex,
                Texts = hasTexts,
            }
        );
    }
}
