using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>An in-memory journal that a test can make hold, fail or reject writes.</summary>
public sealed class ScriptedJournal : MemoryJournal
{
    public const string Config = """
        akka.loglevel = OFF
        akka.persistence.journal.plugin = held-journal
        held-journal.class = "JobCloud.Node.Tests.Jobs.ScriptedJournal, JobCloud.Node.Tests"
        """;

    /// <summary>Holds writes until <see cref="ReleaseHeld"/>.</summary>
    public sealed record Hold;

    /// <summary>Executes the held writes and holds no more.</summary>
    public sealed record ReleaseHeld;

    /// <summary>Fails the held writes.</summary>
    public sealed record FailHeld(Exception Cause);

    /// <summary>Fails the next write.</summary>
    public sealed record FailNext(Exception Cause);

    /// <summary>Rejects the next write, as a journal rejects a row that it cannot store.</summary>
    public sealed record Reject;

    /// <summary>Requests the rows of an actor, one object per row.</summary>
    public sealed record ReadRows(string PersistenceId);

    /// <summary>Deletes the rows of an actor up to a sequence number.</summary>
    public sealed record DeleteRows(string PersistenceId, long To);

    /// <summary>Requests the numbers of the segments with rows.</summary>
    public sealed record ReadSegments;

    private readonly ConcurrentDictionary<string, bool> _written = [];
    private TaskCompletionSource? _gate;
    private Exception? _failure;
    private bool _reject;

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case Hold:
                _gate ??= new TaskCompletionSource();
                return true;
            case ReleaseHeld:
                Open()?.SetResult();
                return true;
            case FailHeld fail when Open() is { } waiting:
                waiting.SetException(fail.Cause);
                return true;
            case FailNext fail:
                _failure = fail.Cause;
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
            case DeleteRows delete:
                DeleteMessagesToAsync(delete.PersistenceId, delete.To, CancellationToken.None)
                    .Wait();
                Sender.Tell(delete);
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
        if (Interlocked.Exchange(ref _failure, null) is { } cause)
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
