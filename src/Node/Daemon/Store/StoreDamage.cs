using System.Collections.Concurrent;
using JobCloud.Node.Daemon.Logs;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The damage of the store that this node has found while it runs. The node serves the
/// jobs whose rows it can read. Thread-safe.</summary>
internal sealed class StoreDamage(StorePlace place, NodeLog log)
{
    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly ConcurrentDictionary<long, bool> _segments = new();
    private volatile string? _sentence;

    public StorePlace Place => place;

    /// <summary>The damage as a sentence; null: none was found.</summary>
    public string? Sentence => _sentence;

    /// <summary>Whether an error shows that the store itself is damaged: a retry does not
    /// help.</summary>
    public static bool IsDamage(Exception e) =>
        StoreErrors
            .Flatten(e)
            .Any(static error =>
                error
                    is SqliteException { SqliteErrorCode: Corrupt or NotADatabase }
                        or PostgresException
                        {
                            SqlState: PostgresErrorCodes.DataCorrupted
                                or PostgresErrorCodes.IndexCorrupted
                        }
            );

    /// <summary>Remembers damage; false: the error has another cause.</summary>
    public bool Note(Exception e)
    {
        if (!IsDamage(e))
            return false;
        var sentence = place.Damaged(StoreErrors.Find(e)!);
        if (Interlocked.CompareExchange(ref _sentence, sentence, null) is null)
            log.Write(LogLevel.Error, "store", sentence);
        return true;
    }

    /// <summary>Remembers that a segment cannot be read if damage is the cause.</summary>
    public void Note(long segment, Exception e)
    {
        if (Note(e))
            _segments[segment] = true;
    }

    /// <summary>Whether a segment cannot be read.</summary>
    public bool Has(long segment) => _segments.ContainsKey(segment);
}
