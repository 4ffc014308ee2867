using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Writes answers in the order of the lines, although they arrive in any order, and limits
/// how many are outstanding.</summary>
internal sealed class BatchAnswers(Stream output, BatchAnswerWriter writer, int window)
{
    private readonly Lock _gate = new();
    private readonly Entry[] _ring = new Entry[window];
    private readonly SemaphoreSlim _room = new(window);
    private readonly BufferedStream _buffer = new(output, 1 << 16);
    private long _first;
    private long _next;

    private struct Entry
    {
        public BatchLine? Line;
        public List<Reply>? Replies;
    }

    private (long Tag, TaskCompletionSource Reached)? _awaited;

    /// <summary>The highest jid of the submissions that were answered; 0: none.</summary>
    public long HighestJid
    {
        get
        {
            lock (_gate)
                return writer.HighestJid;
        }
    }

    /// <summary>Completes when all lines before this tag have their answers. One caller can wait at
    /// a time.</summary>
    public Task WhenAnsweredAsync(ulong tag)
    {
        lock (_gate)
        {
            if (_first >= (long)tag)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            _awaited = ((long)tag, reached);
            return reached.Task;
        }
    }

    /// <summary>True if every answer was a success.</summary>
    public bool AllSucceeded { get; private set; } = true;

    /// <summary>The tag of the next line.</summary>
    public ulong Next
    {
        get
        {
            lock (_gate)
                return (ulong)_next;
        }
    }

    /// <summary>True if the next line can be added without waiting.</summary>
    public bool HasRoom => _room.CurrentCount > 0;

    /// <summary>Waits until the next line can be added; each wait is for one line.</summary>
    public Task RoomAsync() => _room.WaitAsync();

    /// <summary>True if a line has no answer yet.</summary>
    public bool HasPending
    {
        get
        {
            lock (_gate)
                return _first < _next;
        }
    }

    /// <summary>Adds a line, for which there is room; returns the tag of its request.</summary>
    public ulong Add(BatchLine line)
    {
        lock (_gate)
        {
            var tag = _next++;
            _ring[tag % window] = new Entry { Line = line };
            if (line.Error is not null)
                WriteReady();
            return (ulong)tag;
        }
    }

    /// <summary>The requests without an answer, in the order of their lines. Forgets incomplete
    /// answers, because the requests are sent again.</summary>
    public List<Request> Unanswered()
    {
        lock (_gate)
        {
            var requests = new List<Request>();
            for (var tag = _first; tag < _next; tag++)
            {
                ref var entry = ref _ring[tag % window];
                if (entry.Line!.Request is not { } request || entry.Replies?[^1].IsLast() is true)
                    continue;
                entry.Replies = null;
                requests.Add(request.Envelope((ulong)tag));
            }
            return requests;
        }
    }

    /// <summary>A request that is sent again; null: it has its answer.</summary>
    public Request? RequestOf(ulong tag)
    {
        lock (_gate)
        {
            ref var entry = ref _ring[(long)tag % window];
            entry.Replies = null;
            return (long)tag >= _first ? entry.Line?.Request?.Envelope(tag) : null;
        }
    }

    /// <summary>Adds a reply to a request.</summary>
    public void AddReply(Reply reply)
    {
        lock (_gate)
        {
            var tag = (long)reply.Tag;
            if (tag < _first || tag >= _next)
                throw new InvalidDataException($"the node sent a reply with the unknown tag {tag}");
            (_ring[tag % window].Replies ??= []).Add(reply);
            WriteReady();
        }
    }

    public void Flush()
    {
        lock (_gate)
            _buffer.Flush();
    }

    private void WriteReady()
    {
        var before = _first;
        while (_first < _next)
        {
            ref var entry = ref _ring[_first % window];
            if (entry.Line!.Error is null && entry.Replies?[^1].IsLast() is not true)
                break;
            AllSucceeded &= writer.Write(_buffer, entry.Line, entry.Replies ?? []);
            entry = default;
            _first++;
        }
        if (_first > before)
            _room.Release((int)(_first - before));
        if (_awaited is { } awaited && _first >= awaited.Tag)
        {
            _awaited = null;
            awaited.Reached.SetResult();
        }
    }
}
