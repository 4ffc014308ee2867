using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Totals for the files of one attempt.</summary>
/// <param name="LastWrite">About the end of the attempt.</param>
internal readonly record struct KeptAttempt(AttemptId Id, long Bytes, DateTimeOffset LastWrite);

/// <summary>Totals for the attempts of one directory.</summary>
internal sealed record KeptFolder(string Path, long Bytes, DateTimeOffset Oldest);

/// <summary>The reason to delete the files of an attempt.</summary>
internal enum DeletionCause
{
    Age,
    Total,
}

internal readonly record struct OutputDeletion(KeptAttempt Attempt, DeletionCause Cause);

/// <summary>Chooses the output to delete: what is too old, and the oldest while there is too
/// much.</summary>
internal static class RetentionPolicy
{
    /// <summary>Returns the attempts to delete, oldest first. Opens a directory only if it may hold
    /// the next one.</summary>
    /// <param name="open">Lists the attempts of a directory.</param>
    /// <param name="spared">Attempts that are never deleted.</param>
    public static IEnumerable<OutputDeletion> Choose(
        IEnumerable<KeptFolder> folders,
        Func<KeptFolder, IEnumerable<KeptAttempt>> open,
        Func<KeptAttempt, bool> spared,
        DateTimeOffset now,
        OutputSettings limits
    )
    {
        var unread = new Queue<KeptFolder>(folders.OrderBy(f => f.Oldest));
        var total = unread.Sum(f => f.Bytes);
        var oldest = new PriorityQueue<KeptAttempt, DateTimeOffset>();
        while (true)
        {
            var known = oldest.TryPeek(out var next, out var written);
            if (unread.TryPeek(out var folder) && (!known || folder.Oldest <= written))
            {
                if (Cause(folder.Oldest, total) is null)
                    yield break;
                foreach (var kept in open(unread.Dequeue()))
                    if (!spared(kept))
                        oldest.Enqueue(kept, kept.LastWrite);
                continue;
            }
            if (!known || Cause(written, total) is not { } cause)
                yield break;
            oldest.Dequeue();
            total -= next.Bytes;
            yield return new(next, cause);
        }

        DeletionCause? Cause(DateTimeOffset written, long total) =>
            now - written > limits.MaxAge ? DeletionCause.Age
            : total > limits.MaxTotal ? DeletionCause.Total
            : null;
    }
}
