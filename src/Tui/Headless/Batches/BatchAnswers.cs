using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Brings answers, which come in any order, into the order of the lines, and limits how many wait.</summary>
internal sealed class BatchAnswers(Stream output, BatchAnswerWriter writer, int window)
{
    private readonly Lock gate = new();
    private readonly Entry[] ring = new Entry[window];
    private readonly SemaphoreSlim room = new(window);
    private readonly BufferedStream buffer = new(output, 1 << 16);
    private long first;
    private long next;

    private struct Entry
    {
        public BatchLine? Line;
        public List<Reply>? Replies;
    }

    /// <summary>Whether every answer was a success.</summary>
    public bool AllWell { get; private set; } = true;

    /// <summary>Whether the next line can be taken in without waiting.</summary>
    public bool HasRoom => room.CurrentCount > 0;

    /// <summary>Whether a line that was taken in has no answer yet.</summary>
    public bool AreAwaited
    {
        get
        {
            lock (gate)
                return first < next;
        }
    }

    /// <summary>Takes in a line, once there is room; returns the tag of its request.</summary>
    public async ValueTask<ulong> EnterAsync(BatchLine line)
    {
        await room.WaitAsync();
        lock (gate)
        {
            var tag = next++;
            ring[tag % window] = new Entry { Line = line };
            if (line.Trouble is not null)
                WriteReady();
            return (ulong)tag;
        }
    }

    /// <summary>Takes in a reply to a request.</summary>
    public void Take(Reply reply)
    {
        lock (gate)
        {
            var tag = (long)reply.Tag;
            if (tag < first || tag >= next)
                throw new InvalidDataException($"an answer to no request (tag {tag})");
            (ring[tag % window].Replies ??= []).Add(reply);
            WriteReady();
        }
    }

    public void Flush()
    {
        lock (gate)
            buffer.Flush();
    }

    private void WriteReady()
    {
        var before = first;
        while (first < next)
        {
            ref var entry = ref ring[first % window];
            if (entry.Line!.Trouble is null && entry.Replies?[^1].IsLast() is not true)
                break;
            AllWell &= writer.Write(buffer, entry.Line, entry.Replies ?? []);
            entry = default;
            first++;
        }
        if (first > before)
            room.Release((int)(first - before));
    }
}
