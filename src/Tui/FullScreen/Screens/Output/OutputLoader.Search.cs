using JobCloud.Protocol.Outputs;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Searches the output: the node does for one stream, whatever its size; two streams
/// together, and an info item, are searched here, after all of them is loaded.</summary>
internal sealed partial class OutputLoader
{
    private OutputSearch? _search;

    // The offset of the line of the current match.
    private long? _found;

    // The direction of a jump that waits for its answer; 0: none.
    private int _wanted;

    // The offset of the line to show when it is loaded.
    private long? _goal;
    private bool _isFromStart;

    // Said after the search position.
    private string _note = "";

    /// <summary>The stream to show instead, where two are too large together; null: none.</summary>
    public OutputChoice? Elsewhere { get; private set; }

    /// <summary>The direction of the jump that waits; 0: none.</summary>
    public int Wanted => _wanted;

    /// <summary>Whether only lines with a match are shown.</summary>
    public bool OnlyMatches => _search?.Filtered is not null || _view.OnlyMatches;

    /// <summary>Whether the search has an answer for the whole output.</summary>
    public bool IsSearched =>
        _search?.Matches.IsWhole(Known) ?? (_view.IsSearched && IsWhole && !IsLoading);

    /// <summary>The search position, and of how much of the output that is said; empty: no
    /// search.</summary>
    public string MatchWords
    {
        get
        {
            if (_search is { Error: { Length: > 0 } error })
                return error;
            if (_search is { } search)
                return search.Matches.Words(_found, Known) + _note;
            var words = _view.MatchWords;
            return words.Length == 0 ? ""
                : IsWhole ? words + _note
                : $"{words} in the lines loaded";
        }
    }

    // The end of the stream, as far as it was received.
    private long Known => Log.CutAt is null ? Log.Expected(LineSource.First) : 0;

    // Whether everything that is kept is held, or will be.
    private bool IsWhole =>
        !Choice.IsBoth || ((_isFromStart || _starts.All(s => s == 0)) && !Log.HasDropped);

    private bool IsLoading
    {
        get
        {
            for (var i = 0; i < Choice.Streams.Length; i++)
                if (_pumps[i] is { Refusal: null } && Log.Expected((LineSource)i) < _sizes[i])
                    return true;
            return false;
        }
    }

    /// <summary>Starts a search; null ends it.</summary>
    public void Search(LinePattern? pattern)
    {
        _search?.Dispose();
        (_search, _found, _wanted, _goal, _note) = (null, null, 0, null, "");
        if (Choice.Streams.Length == 1)
        {
            _view.Highlight(pattern);
            if (pattern is not null)
                _search = new OutputSearch(_window, Request(Choice.Streams[0]), pattern);
            return;
        }
        _view.Search(pattern);
        if (pattern is not null && _sizes.Sum() <= WholeBytes)
            LoadWhole();
    }

    /// <summary>Moves to the next match below (1) or above (-1) as soon as it is known.</summary>
    public void Seek(int direction)
    {
        (_wanted, _note) = (direction, "");
        _search?.Start();
        Jump();
    }

    /// <summary>Cancels a jump that waits.</summary>
    public void Stay() => _wanted = 0;

    public void ToggleOnlyMatches()
    {
        if (_search is not { } search)
            _view.ToggleOnlyMatches();
        else if (search.Filtered is null)
            search.ShowLines(_view);
        else
        {
            search.HideLines();
            if (_found is { } found)
                GoTo(found);
        }
    }

    private bool TickSearch()
    {
        var changed = _search?.Tick() ?? false;
        if (_wanted == 0)
            return changed;
        Jump();
        return true;
    }

    private void Jump()
    {
        if (_search is { } search)
            JumpIn(search);
        else if (!IsWhole)
            LoadWhole();
        else if (!IsLoading && _view.IsSearched)
            Report(_view.Seek(_wanted));
    }

    private void JumpIn(OutputSearch search)
    {
        var (matches, from) = (search.Matches, Position());
        var next = matches.Next(from, _wanted);
        // A match that is found later may be nearer.
        var isSure = matches.IsWhole(Known) || (_wanted > 0 && next is { Wrapped: false });
        if (search.Error.Length > 0)
            _wanted = 0;
        if (_wanted == 0 || !isSure)
            return;
        Report(next?.Wrapped);
        if (next is { } match)
            GoTo(match.Offset);
    }

    private void Report(bool? wrapped)
    {
        if (wrapped is true)
            _note = _wanted > 0 ? ", continued from the start" : ", continued from the end";
        _wanted = 0;
    }

    // The offset from which the next match is sought.
    private long Position()
    {
        if (_found is { } found)
            return found;
        if (_view.Follows || Log.End == Log.First)
            return long.MaxValue - 1;
        var top = Log[Math.Clamp(_view.Top, Log.First, Log.End - 1)].Offset;
        return _wanted > 0 ? top - 1 : top;
    }

    private void GoTo(long offset)
    {
        _found = offset;
        if (_search?.Filtered is not null)
            _search.RevealLine(offset);
        else if (Log.LineAt(offset) is { } line)
            _view.Mark(line);
        else
        {
            ShowAt(offset);
            _goal = offset;
        }
    }

    private void ShowGoal()
    {
        if (_goal is not { } goal || Log.LineAt(goal) is not { } line)
            return;
        _goal = null;
        _view.Mark(line);
    }

    /// <summary>Loads both streams from their start, or names the larger one to show alone if they
    /// are too large together.</summary>
    private void LoadWhole()
    {
        if (IsWhole)
            return;
        if (_isFromStart || _sizes.Sum() > WholeBytes)
        {
            Elsewhere = OutputChoice.Of(Choice.Streams[_sizes[0] >= _sizes[1] ? 0 : 1]);
            return;
        }
        _isFromStart = true;
        Replace(new LineLog(Limits));
        BeginTail(isWhole: true);
    }
}
