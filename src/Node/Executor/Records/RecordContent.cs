using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Executor.Records;

/// <summary>The content of a record, its entries folded.</summary>
/// <param name="Boot">The boot in which it was written; empty: no record existed.</param>
/// <param name="Running">Started attempts that are not known to have ended.</param>
/// <param name="Ended">Ended attempts whose end was not acknowledged.</param>
/// <param name="Node">The last node that was started.</param>
/// <param name="Guard">The last guard that was started.</param>
/// <param name="TruncatedBytes">Bytes of an incomplete entry at its end.</param>
internal sealed record RecordContent(
    string Boot,
    IReadOnlyCollection<RecordedStart> Running,
    IReadOnlyCollection<ProcessEnded> Ended,
    RecordedNode? Node,
    RecordedNode? Guard,
    int TruncatedBytes
)
{
    /// <summary>What is left of an earlier record once its processes are dead.</summary>
    public static RecordContent Of(string boot, IReadOnlyCollection<ProcessEnded> ended) =>
        new(boot, [], ended, Node: null, Guard: null, TruncatedBytes: 0);

    /// <summary>The entries that give this content.</summary>
    public IEnumerable<RecordEntry> Entries()
    {
        yield return new() { Opened = new() { Boot = Boot } };
        if (Node is not null)
            yield return new() { Node = Node };
        if (Guard is not null)
            yield return new() { Guard = Guard };
        foreach (var start in Running)
            yield return new() { Started = start };
        foreach (var end in Ended)
            yield return new() { Ended = end };
    }

    public static RecordContent Read(ReadOnlySpan<byte> bytes)
    {
        var boot = "";
        var running = new Dictionary<AttemptId, RecordedStart>();
        var ended = new Dictionary<AttemptId, ProcessEnded>();
        RecordedNode? node = null,
            guard = null;
        while (
            Frames.Read(bytes, Frames.MaxBytes, out var at, out var length) == FrameStatus.Whole
            && Frames.TryParse(RecordEntry.Parser, bytes.Slice(at, length), out var entry)
        )
        {
            bytes = bytes[(at + length)..];
            switch (entry.EntryCase)
            {
                case RecordEntry.EntryOneofCase.Opened:
                    boot = entry.Opened.Boot;
                    break;
                case RecordEntry.EntryOneofCase.Started:
                    running[new(entry.Started.Jid, entry.Started.Attempt)] = entry.Started;
                    break;
                case RecordEntry.EntryOneofCase.Ended:
                    var id = new AttemptId(entry.Ended.Jid, entry.Ended.Attempt);
                    running.Remove(id);
                    if (entry.Ended.End is not null)
                        ended[id] = entry.Ended;
                    break;
                case RecordEntry.EntryOneofCase.Accepted:
                    ended.Remove(new(entry.Accepted.Jid, entry.Accepted.Attempt));
                    break;
                case RecordEntry.EntryOneofCase.Node:
                    node = entry.Node;
                    break;
                case RecordEntry.EntryOneofCase.Guard:
                    guard = entry.Guard;
                    break;
            }
        }
        return new(boot, running.Values, ended.Values, node, guard, bytes.Length);
    }
}
