using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>A journal in memory that holds writes back, fails or rejects them, as a test tells
/// it.</summary>
public sealed class HeldJournal : MemoryJournal
{
    public const string Config = """
        akka.loglevel = OFF
        akka.persistence.journal.plugin = held-journal
        held-journal.class = "JobCloud.Node.Tests.Jobs.HeldJournal, JobCloud.Node.Tests"
        """;

    /// <summary>Writes wait until <see cref="Let"/>.</summary>
    public sealed record Hold;

    /// <summary>What waits is written, and what comes is not held.</summary>
    public sealed record Let;

    /// <summary>What waits is not made.</summary>
    public sealed record FailHeld(Exception Cause);

    /// <summary>The next write to come is not made.</summary>
    public sealed record FailNext(Exception Cause);

    /// <summary>The next write is refused, as a row that cannot be stored.</summary>
    public sealed record Reject;

    /// <summary>Answered with what was written of an actor, an object a row.</summary>
    public sealed record ReadRows(string PersistenceId);

    /// <summary>Answered with the numbers of the segments that have rows.</summary>
    public sealed record ReadSegments;

    private readonly ConcurrentDictionary<string, bool> _written = [];
    private TaskCompletionSource? _gate;
    private Exception? _trouble;
    private bool _reject;

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case Hold:
                _gate ??= new TaskCompletionSource();
                return true;
            case Let:
                Open()?.SetResult();
                return true;
            case FailHeld fail when Open() is { } waiting:
                waiting.SetException(fail.Cause);
                return true;
            case FailNext fail:
                _trouble = fail.Cause;
                return true;
            case Reject:
                _reject = true;
                return true;
            case ReadRows read:
                Sender.Tell(
                    Read(read.PersistenceId, 1, long.MaxValue, long.MaxValue)
                        .Select(row => row.Payload)
                        .ToArray()
                );
                return true;
            case ReadSegments:
                Sender.Tell(
                    _written
                        .Keys.Where(id => id.StartsWith(ClusterNames.SegmentIdPrefix))
                        .Select(id => long.Parse(id[ClusterNames.SegmentIdPrefix.Length..]))
                        .Order()
                        .ToArray()
                );
                return true;
            default:
                return base.ReceivePluginInternal(message);
        }
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Exchange(ref _trouble, null) is { } cause)
            throw cause;
        if (_reject)
        {
            _reject = false;
            return [.. messages.Select(_ => new InvalidOperationException("no such type"))];
        }
        if (_gate is { } closed)
            await closed.Task;
        var rows = messages.ToList();
        foreach (var row in rows)
            _written[row.PersistenceId] = true;
        return await base.WriteMessagesAsync(rows, cancellationToken);
    }

    private TaskCompletionSource? Open() => Interlocked.Exchange(ref _gate, null);
}
