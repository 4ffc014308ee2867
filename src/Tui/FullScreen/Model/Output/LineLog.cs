using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The lines held of one stream, or of two merged in order of arrival. A line keeps its
/// number when others are added or removed at either end; the numbers have no other
/// meaning.</summary>
internal sealed class LineLog
{
    private readonly LineLogLimits _limits;
    private readonly Deque<TextLine> _lines = new();
    private readonly StreamParser[] _parsers;
    private long _cost;

    public LineLog(LineLogLimits limits)
    {
        _limits = limits;
        _parsers =
        [
            new(LineSource.First, limits.LineCharacters, Add),
            new(LineSource.Second, limits.LineCharacters, Add),
        ];
    }

    /// <summary>The number of the oldest line.</summary>
    public long First => _lines.First;

    /// <summary>One more than the number of the newest complete line.</summary>
    public long Complete => _lines.End;

    /// <summary>One more than the number of the newest line; those from <see cref="Complete"/> on
    /// are not complete.</summary>
    public long End => Complete + _parsers.Count(p => p.HasOpen);

    /// <summary>The number of lines appended so far.</summary>
    public long Appended { get; private set; }

    /// <summary>Increases with each change.</summary>
    public long Version { get; private set; }

    /// <summary>The memory that the complete lines use, in bytes.</summary>
    public long Cost => _cost;

    /// <summary>The stream offset of the first line dropped at the end by <see cref="Prepend"/>;
    /// null: nothing is missing at the end.</summary>
    public long? CutAt { get; private set; }

    /// <summary>Whether lines were dropped at the start, as there were too many.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>The number of the first line of the newest attempt.</summary>
    public long AttemptFirst { get; private set; }

    /// <summary>The stream offset of the first byte available; nothing before it is kept.</summary>
    public long Floor { get; set; }

    /// <summary>The stream offset of the oldest line.</summary>
    public long From
    {
        get
        {
            for (var number = First; number < End; number++)
                if (this[number] is { Source: not LineSource.Note } line)
                    return line.Offset;
            return Expected(LineSource.First);
        }
    }

    public TextLine this[long number] =>
        number < Complete
            ? _lines[number]
            : _parsers.Where(p => p.HasOpen).ElementAt((int)(number - Complete)).Open;

    /// <summary>The offset of the next byte of a stream that is not known yet.</summary>
    public long Expected(LineSource source) => Parser(source).Expected;

    /// <summary>Starts a stream at an offset.</summary>
    public void Begin(LineSource source, long offset)
    {
        Parser(source).MoveTo(offset);
        CutAt = null;
    }

    /// <summary>Appends bytes of a stream. Known bytes are skipped; a gap is marked with a
    /// note.</summary>
    public void Append(LineSource source, long offset, ReadOnlySpan<byte> data)
    {
        var parser = Parser(source);
        var known = parser.Expected - offset;
        if (known >= data.Length && data.Length > 0)
            return;
        if (known < 0)
            Gap(source, offset, $"{Sizes.Print(-known)} skipped");
        else
            data = data[(int)known..];
        parser.Append(data);
        Version++;
    }

    /// <summary>Continues with another attempt, whose offsets start again.</summary>
    public void NextAttempt(LineSource source, long offset, string reason)
    {
        Gap(source, offset, reason);
        AttemptFirst = Complete;
    }

    /// <summary>The line of the first stream that contains the byte at an offset; null: it is not
    /// held.</summary>
    public long? LineAt(long offset)
    {
        var first = Math.Max(First, Math.Min(AttemptFirst, End));
        for (var number = End - 1; number >= first; number--)
            if (this[number] is { Source: LineSource.First } line && line.Offset <= offset)
                return CutAt is { } cut && offset >= cut ? null : number;
        return null;
    }

    /// <summary>Adds a note why the stream continues at another offset.</summary>
    public void Gap(LineSource source, long offset, string reason)
    {
        Parser(source).MoveTo(offset);
        Note(reason, offset);
    }

    /// <summary>Adds a line that is not output of the job.</summary>
    public void Note(string text, long offset = 0) =>
        Add(new TextLine(text, [], LineSource.Note, offset));

    /// <summary>Ends the stream and completes its last line.</summary>
    public void Finish(LineSource source)
    {
        Parser(source).MoveTo(Parser(source).Expected);
        Version++;
    }

    /// <summary>Inserts lines before the first; drops the newest where there are too
    /// many.</summary>
    public void Prepend(IReadOnlyList<TextLine> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            _lines.AddFirst(lines[i]);
            _cost += lines[i].Cost;
        }
        Version++;
        if (IsOver && CutAt is null && Parser(LineSource.First) is { HasOpen: true } open)
            CutAt = open.Drop();
        while (IsOver && _lines.Count > 1)
        {
            var line = _lines.RemoveLast();
            _cost -= line.Cost;
            CutAt = line.Offset;
        }
    }

    /// <summary>Continues at the first dropped line; nothing is missing any more.</summary>
    public void Resume() => Begin(LineSource.First, CutAt ?? Expected(LineSource.First));

    /// <summary>Marks the end as missing. Drops an incomplete line too, unless nothing would remain
    /// of what was added since <paramref name="from"/>.</summary>
    public void Cut(long from)
    {
        var parser = Parser(LineSource.First);
        if (parser.HasOpen && parser.LineOffset > from)
            parser.MoveTo(parser.Drop());
        else
            parser.MoveTo(parser.Expected);
        CutAt = parser.Expected;
        Version++;
    }

    private bool IsOver => _lines.Count > _limits.Lines || _cost > _limits.Bytes;

    private StreamParser Parser(LineSource source) => _parsers[(int)source];

    private void Add(TextLine line)
    {
        _lines.AddLast(line);
        _cost += line.Cost;
        Appended++;
        Version++;
        while (IsOver && _lines.Count > 1)
        {
            _cost -= _lines.RemoveFirst().Cost;
            HasDropped = true;
        }
    }
}
