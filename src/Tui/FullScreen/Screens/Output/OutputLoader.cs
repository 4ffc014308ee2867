using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Loads a job's output into a log: the end as it grows, and earlier pages as the user
/// scrolls. It holds a window of the output, never all of it.</summary>
internal sealed partial class OutputLoader : IDisposable
{
    /// <summary>The bytes processed per tick; at ten ticks per second, more than anyone can
    /// read.</summary>
    private const int BytesPerTick = 1 << 20;

    /// <summary>Two streams are held from their start if they have no more bytes than
    /// this.</summary>
    private const long WholeBytes = 8 << 20;

    private readonly MainWindow _window;
    private readonly Jid _jid;
    private readonly int _asked;

    // The instant of the past up to which output is shown; 0: all of it.
    private readonly long _until;
    private readonly CancellationTokenSource _life = new();
    private readonly OutputPump?[] _pumps = new OutputPump?[2];
    private readonly bool[] _begun = new bool[2];
    private readonly bool[] _ended = new bool[2];
    private readonly int[] _attempts = new int[2];
    private readonly long[] _starts = new long[2];
    private readonly long[] _sizes = new long[2];
    private LogView _view;
    private string _item = "";
    private long _itemAsked = long.MinValue;
    private bool _fetching;

    /// <param name="attempt">0: the newest attempt, and later ones.</param>
    public OutputLoader(MainWindow window, Jid jid, int attempt, OutputChoice choice)
    {
        (_window, _jid, _asked, Choice) = (window, jid, attempt, choice);
        _until = window.Past?.At ?? 0;
        Log = new LineLog(Limits);
        _view = new LogView(Log);
        BeginTail();
    }

    public static LineLogLimits Limits { get; } = new();

    public OutputChoice Choice { get; }
    public LineLog Log { get; private set; }

    /// <summary>What is shown: the log, or its matching lines.</summary>
    public LogView View => _search?.Filtered ?? _view;

    /// <summary>The newest known attempt; 0: none.</summary>
    public int Attempt => _attempts.Max();

    /// <summary>Whether all streams have ended.</summary>
    public bool HasEnded =>
        Choice.Streams.Length > 0 && _ended.Take(Choice.Streams.Length).All(ended => ended);

    /// <summary>The reason why reading failed; empty: it has not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Processes received output; false: nothing changed.</summary>
    public bool Tick()
    {
        var version = Log.Version;
        if (Choice.IsItem)
            RefreshItem();
        for (var i = 0; i < Choice.Streams.Length; i++)
            Drain((LineSource)i);
        if (
            Choice.Streams.Length == 1
            && !_fetching
            && View == _view
            && OutputPages.Wanted(Log, _view) is { } page
        )
            _ = FetchAsync(page, Log);
        return TickSearch() | _view.Tick() | (Log.Version != version);
    }

    /// <summary>Scrolls to the first retained byte.</summary>
    public void ToStart()
    {
        _wanted = 0;
        if (View == _view)
        {
            if (Choice.IsBoth)
                LoadWhole();
            else if (Choice.Streams.Length == 1 && (!_begun[0] || Log.From > Log.Floor))
                ShowAt(Log.Floor);
        }
        View.ToStart();
    }

    /// <summary>Loads the stream from the start of a line on.</summary>
    private void ShowAt(long offset)
    {
        var floor = Log.Floor;
        StopTail();
        Replace(new LineLog(Limits) { Floor = floor });
        Log.Begin(LineSource.First, offset);
        Log.Cut(offset);
        _view.ToStart();
    }

    private void Replace(LineLog log)
    {
        Log = log;
        _view = _view.Of(log);
    }

    /// <summary>Scrolls to the end and follows it.</summary>
    public void ToEnd()
    {
        (_wanted, _goal) = (0, null);
        if (Log.CutAt is not null)
        {
            Replace(new LineLog(Limits));
            BeginTail();
        }
        View.ToEnd();
    }

    public void Dispose()
    {
        StopTail();
        _search?.Dispose();
        _life.Cancel();
        _life.Dispose();
    }

    /// <param name="isWhole">From the start, not from the last lines.</param>
    private void BeginTail(bool isWhole = false)
    {
        StopTail();
        for (var i = 0; i < Choice.Streams.Length; i++)
        {
            var request = Request(Choice.Streams[i]);
            (request.Follow, request.TailLines) = (_until == 0, isWhole ? 0 : Limits.TailLines);
            (_begun[i], _ended[i]) = (false, false);
            _pumps[i] = new OutputPump(_window.Cloud, _window.Clock, request, isWhole).Begin();
        }
    }

    private void StopTail()
    {
        foreach (var pump in _pumps)
            pump?.Dispose();
        Array.Clear(_pumps);
    }

    private OutputRequest Request(OutputStream stream) =>
        new()
        {
            Jid = _jid,
            Attempt = _asked,
            Stream = stream,
            Until = _until,
        };

    private void Drain(LineSource source)
    {
        if (_pumps[(int)source] is not { } pump)
            return;
        var left = BytesPerTick;
        while (left > 0 && pump.Take() is { } chunk)
        {
            left -= chunk.Data.Length;
            Take(source, chunk);
        }
        if (pump.Refusal is { } refusal && Error.Length == 0)
        {
            Error = refusal.Message;
            Log.Note(refusal.Message);
        }
    }

    private void Take(LineSource source, OutputChunk chunk)
    {
        if (chunk.End)
        {
            Log.Finish(source);
            _ended[(int)source] = true;
            return;
        }
        ref var attempt = ref _attempts[(int)source];
        ref var begun = ref _begun[(int)source];
        if (!begun)
            BeginAt(source, chunk);
        else if (chunk.Attempt != attempt)
            Log.NextAttempt(source, chunk.Offset, $"attempt {chunk.Attempt}");
        _sizes[(int)source] = Math.Max(chunk.Size, chunk.Offset + chunk.Data.Length);
        (attempt, begun) = (chunk.Attempt, true);
        if (chunk.Dropped > 0)
            Log.Gap(source, chunk.Offset, Dropped(chunk));
        Log.Append(source, chunk.Offset, chunk.Data.Span);
    }

    private void BeginAt(LineSource source, OutputChunk chunk)
    {
        Log.Begin(source, chunk.Offset);
        _starts[(int)source] = chunk.Dropped > 0 ? 0 : chunk.Offset;
        if (Choice.IsBoth && chunk.Offset > 0 && chunk.Dropped == 0)
            Log.Note(
                $"{Sizes.Print(chunk.Offset)} of earlier {Name(source)} are not shown; press g to load them"
            );
    }

    private string Name(LineSource source) => source == LineSource.First ? "stdout" : "stderr";

    private static string Dropped(OutputChunk chunk)
    {
        var reason = chunk.DroppedWhy.Length > 0 ? $": {chunk.DroppedWhy}" : "";
        return $"{Sizes.Print(chunk.Dropped)} before this were dropped{reason}";
    }

    private async Task FetchAsync(OutputPage page, LineLog log)
    {
        _fetching = true;
        var data = new MemoryStream();
        long? from = null;
        var dropped = "";
        var isWhole = false;
        Refusal? refusal = null;
        var request = Request(Choice.Streams[0]);
        (request.Attempt, request.Offset) = (Attempt, page.From);
        try
        {
            var answers = _window.Cloud.StreamAsync(CloudCalls.Output.With(request), _life.Token);
            await foreach (var (chunk, refused) in answers.ConfigureAwait(false))
            {
                if (chunk is null || chunk.End)
                {
                    (refusal, isWhole) = (refused, true);
                    break;
                }
                from ??= chunk.Offset;
                dropped = chunk.Dropped > 0 ? Dropped(chunk) : dropped;
                data.Write(chunk.Data.Span);
                if (from + data.Length >= page.Until)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        var start = Math.Min(from ?? page.Until, page.Until);
        var got = data.ToArray().AsMemory(0, (int)Math.Min(data.Length, page.Until - start));
        _window.Post(() =>
        {
            _fetching = false;
            if (log != Log)
                return;
            if (refusal is not null)
                _window.ShowToast(refusal.Message, ToastKind.Error);
            if (log.CutAt == page.From)
                TakeLater(start, got.Span, isWhole);
            else
                TakeEarlier(page with { From = start }, got.Span, dropped);
        });
    }

    private void TakeEarlier(OutputPage page, ReadOnlySpan<byte> data, string dropped)
    {
        var lines = OutputPages.Lines(page, data, Limits.LineCharacters);
        if (dropped.Length > 0)
            lines.Insert(0, new TextLine(dropped, [], LineSource.Note, page.From));
        if (dropped.Length > 0 || lines.Count == 0)
            Log.Floor = page.From;
        Log.Prepend(lines);
        if (_found is { } found && Log.LineAt(found) == _view.Top)
            _view.ShowContext();
        if (Log.CutAt is not null)
            StopTail();
    }

    private void TakeLater(long start, ReadOnlySpan<byte> data, bool isWhole)
    {
        Log.Resume();
        Log.Append(LineSource.First, start, data);
        ShowGoal();
        if (!isWhole)
        {
            Log.Cut(start);
            return;
        }
        // The end is reached: follow it from here.
        var request = Request(Choice.Streams[0]);
        (request.Attempt, request.Offset) = (Attempt, Log.Expected(LineSource.First));
        request.Follow = _until == 0;
        _begun[0] = true;
        _pumps[0] = new OutputPump(_window.Cloud, _window.Clock, request).Begin();
    }

    // An info item is text that only grows.
    private void RefreshItem()
    {
        if (_window.Now - _itemAsked < 2_000_000 && _itemAsked != long.MinValue)
            return;
        _itemAsked = _window.Now;
        var range = JidRanges.Range(_jid, _jid);
        var request = new InfoRequest
        {
            Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            Items = { Choice.Name },
        };
        _window.Send(
            CloudCalls.Info.With(request),
            job =>
            {
                if (job.Pilog != _item)
                    ShowItem(job.Pilog);
            }
        );
    }

    private void ShowItem(string text)
    {
        _item = text;
        Replace(new LineLog(Limits));
        Log.Append(LineSource.First, 0, Encoding.UTF8.GetBytes(text));
        Log.Finish(LineSource.First);
    }
}
