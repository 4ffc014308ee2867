using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Outputs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The sources of outputs: the agents of the nodes, and the store.</summary>
/// <param name="Stored">Null if the store keeps no outputs.</param>
/// <param name="ChunkBytes">Maximum number of bytes to request from a node at a time.</param>
/// <param name="Within">Time limit for the answer of a node.</param>
internal sealed record OutputSources(
    IActorRef Agents,
    OutputStore? Stored,
    int ChunkBytes,
    TimeSpan Within
)
{
    public OutputSource Of(string node, Jid jid, int attempt, OutputStream stream) =>
        new(this, node, jid, attempt, stream);
}

/// <summary>One stream of one attempt, read from its node or, if the node is unreachable or has
/// nothing, from the store.</summary>
internal sealed class OutputSource(
    OutputSources sources,
    string node,
    Jid jid,
    int attempt,
    OutputStream stream
)
{
    /// <summary>True if the node had nothing, so that it is not asked again.</summary>
    private bool _isStored;

    public string Node => node;
    public Jid Jid => jid;
    public int Attempt => attempt;
    public OutputStream Stream => stream;

    /// <summary>Another stream of the same attempt.</summary>
    public OutputSource Sibling(OutputStream other) => sources.Of(node, jid, attempt, other);

    /// <param name="offset">Negative: this many bytes before the end.</param>
    /// <param name="max">Maximum number of bytes; 0: as many as one read returns.</param>
    /// <param name="wait">Waits for new output or the end of the attempt.</param>
    public async Task<OutputRead> ReadAsync(long offset, int max = 0, bool wait = false)
    {
        var nodeReason = "";
        if (!_isStored)
        {
            var read = await AskAsync(offset, max, wait);
            if (!read.Missing)
                return read;
            nodeReason = read.Lacking;
        }
        var kept = await StoredAsync(offset, max);
        _isStored = !kept.Missing;
        if (kept.Missing)
            kept.Lacking = nodeReason;
        return kept;
    }

    /// <summary>Finds the start of the last lines: reads backwards until it has seen enough line
    /// ends.</summary>
    /// <param name="end">The end of what is shown; null: that of the stream.</param>
    public async Task<long> TailStartAsync(long lines, long? end = null)
    {
        var size = (await ReadAsync(-1, 1)).Size;
        size = Math.Min(size, end ?? size);
        for (var until = size; until > 0; )
        {
            var (from, block) = await BlockAsync(Math.Max(0, until - sources.ChunkBytes), until);
            for (var i = block.Length - 1; i >= 0; i--)
                // A final line end closes the last line; it does not start another.
                if (block[i] == '\n' && from + i != size - 1 && --lines == 0)
                    return from + i + 1;
            if (block.Length == 0)
                break;
            until = from;
        }
        return 0;
    }

    /// <summary>Finds where to start to see everything written since an instant, in whole lines;
    /// null if nothing was written.</summary>
    /// <param name="since">In µs since 1970.</param>
    /// <param name="endedAt">End of the attempt; 0 if it has not ended.</param>
    public async Task<long?> SinceAsync(long since, long endedAt)
    {
        var search = await Sibling(OutputStream.Timeline).FoldAsync(new(stream, since));
        if (search.Begin(endedAt) is not { } begin)
            return null;
        var (from, block) = await BlockAsync(Math.Max(0, begin - sources.ChunkBytes), begin);
        var lineEnd = Array.LastIndexOf(block, (byte)'\n');
        return lineEnd >= 0 ? from + lineEnd + 1
            : from == 0 ? 0
            : begin;
    }

    /// <summary>Finds the end of what was written by an instant, in whole lines; null if that is
    /// not known.</summary>
    /// <param name="until">In µs since 1970.</param>
    /// <param name="endedAt">End of the attempt; 0 if it has not ended.</param>
    public async Task<long?> UntilAsync(long until, long endedAt)
    {
        if (endedAt != 0 && endedAt <= until)
            return long.MaxValue;
        var search = await Sibling(OutputStream.Timeline).FoldAsync(new(stream, until));
        return search.IsSampled ? await SinceAsync(until, endedAt) ?? long.MaxValue : null;
    }

    private async Task<OutputTimeSearch> FoldAsync(OutputTimeSearch search)
    {
        var inbox = new FrameReadBuffer();
        for (var offset = 0L; ; )
        {
            var read = await ReadAsync(offset);
            if (read.Missing || read.Data.IsEmpty)
                return search;
            offset = read.Offset + read.Data.Length;
            for (var rest = read.Data.Memory; !rest.IsEmpty; )
            {
                var room = inbox.Room();
                var count = Math.Min(room.Length, rest.Length);
                rest[..count].CopyTo(room);
                rest = rest[count..];
                inbox.Filled(count);
                FrameStatus status;
                while ((status = inbox.Next(out var body)) == FrameStatus.Whole)
                    if (Frames.TryParse(TimelineSample.Parser, body, out var sample))
                        search = search.After(sample);
                if (status == FrameStatus.Malformed || search.IsOver)
                    return search;
            }
        }
    }

    /// <summary>Reads these bytes in as many reads as needed: one may return fewer than
    /// requested.</summary>
    private async Task<(long From, byte[] Bytes)> BlockAsync(long from, long until)
    {
        using var block = new MemoryStream();
        while (from + block.Length < until)
        {
            var at = from + block.Length;
            var read = await ReadAsync(at, (int)(until - at));
            if (read.Data.IsEmpty)
                break;
            if (read.Offset > at)
                from = read.Offset; // the bytes before were dropped
            else
                read.Data.WriteTo(block);
        }
        return (from, block.ToArray());
    }

    private async Task<OutputRead> AskAsync(long offset, int max, bool wait)
    {
        var question = new ReadOutput
        {
            Node = node,
            Jid = jid,
            Attempt = attempt,
            Stream = stream,
            Offset = offset,
            Max = max > 0 ? Math.Min(max, sources.ChunkBytes) : sources.ChunkBytes,
            Wait = wait,
        };
        try
        {
            return await sources.Agents.Ask<OutputRead>(question, sources.Within);
        }
        catch (AskTimeoutException)
        {
            return new OutputRead { Missing = true };
        }
    }

    private async Task<OutputRead> StoredAsync(long offset, int max)
    {
        if (sources.Stored is not { } stored)
            return new OutputRead { Missing = true };
        try
        {
            return await stored.ReadAsync(
                new(jid, attempt),
                stream,
                offset,
                max > 0 ? max : int.MaxValue,
                CancellationToken.None
            );
        }
        catch (DbException)
        {
            return new OutputRead { Missing = true };
        }
    }
}
