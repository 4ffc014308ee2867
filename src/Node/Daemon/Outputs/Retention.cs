using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>The files of one attempt, taken together.</summary>
/// <param name="LastWrite">About when it ended.</param>
internal readonly record struct KeptAttempt(AttemptId Id, long Bytes, DateTimeOffset LastWrite);

/// <summary>The attempts of one folder, taken together.</summary>
internal sealed record KeptFolder(string Path, long Bytes, DateTimeOffset Oldest);

/// <summary>Why the files of an attempt are dropped.</summary>
internal enum DropCause
{
    Age,
    Total,
}

internal readonly record struct Drop(KeptAttempt Attempt, DropCause Cause);

/// <summary>Which output goes: what is too old, and the oldest while there is too much.</summary>
internal static class Retention
{
    /// <summary>What is to go, oldest first. A folder is opened only if it may hold the
    /// next.</summary>
    /// <param name="open">Lists the attempts of a folder.</param>
    /// <param name="spared">Attempts that are never dropped.</param>
    public static IEnumerable<Drop> Choose(
        IEnumerable<KeptFolder> folders,
        Func<KeptFolder, IEnumerable<KeptAttempt>> open,
        Func<KeptAttempt, bool> spared,
        DateTimeOffset now,
        OutputSettings limits
    )
    {
        var closed = new Queue<KeptFolder>(folders.OrderBy(f => f.Oldest));
        var total = closed.Sum(f => f.Bytes);
        var oldest = new PriorityQueue<KeptAttempt, DateTimeOffset>();
        while (true)
        {
            var known = oldest.TryPeek(out var next, out var written);
            if (closed.TryPeek(out var folder) && (!known || folder.Oldest <= written))
            {
                if (Cause(folder.Oldest, total) is null)
                    yield break;
                foreach (var kept in open(closed.Dequeue()))
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

        DropCause? Cause(DateTimeOffset written, long total) =>
            now - written > limits.MaxAge ? DropCause.Age
            : total > limits.MaxTotal ? DropCause.Total
            : null;
    }
}
