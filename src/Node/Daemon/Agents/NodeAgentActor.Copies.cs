using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <content>The copies of files that attempts get: made here, since the executor must not wait for
/// a disk, and moved into place by the executor.</content>
internal sealed partial class NodeAgentActor
{
    private const UnixFileMode PrivateFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Dictionary<AttemptId, CancellationTokenSource> _copying = [];
    private bool _hasDeletedCopies;

    private sealed record CopiesMade(
        KnownAttempt Attempt,
        StartProcess Start,
        BlobFailureException? Trouble
    );

    private void BeginCopies(
        KnownAttempt attempt,
        StartProcess start,
        IReadOnlyList<BlobCopy> copies
    )
    {
        if (_copying.ContainsKey(attempt.Id))
            return;
        var stop = _copying[attempt.Id] = new CancellationTokenSource();
        var cancel = stop.Token;
        Task.Run(() => CopyAsync(copies, cancel), CancellationToken.None)
            .PipeTo(
                Self,
                success: trouble => new CopiesMade(attempt, start, trouble),
                failure: cause => new CopiesMade(
                    attempt,
                    start,
                    new(cause.Message.TrimEnd('.'), isPassing: false)
                )
            );
    }

    private async Task<BlobFailureException?> CopyAsync(
        IReadOnlyList<BlobCopy> copies,
        CancellationToken cancel
    )
    {
        try
        {
            Directory.CreateDirectory(_settings.Home.Copies, PrivateFolder);
            foreach (var (blob, path) in copies)
                await _ports.CopyBlob(blob, path, cancel);
            return null;
        }
        catch (BlobFailureException trouble)
        {
            Delete(copies);
            return trouble;
        }
        catch (OperationCanceledException)
        {
            Delete(copies);
            return new("it was stopped before its start", isPassing: true);
        }
    }

    private void Start(CopiesMade made)
    {
        var attempt = made.Attempt;
        _copying.Remove(attempt.Id, out var stop);
        var isStopped = stop?.IsCancellationRequested ?? false;
        stop?.Dispose();
        if (made.Trouble is null && !isStopped && attempt.Stage == KnownAttemptStage.Starting)
        {
            Send(new() { Start = made.Start });
            return;
        }
        if (made.Trouble is null)
            Delete(attempt.Copies);
        if (isStopped)
            Note(AttemptReportFactory.NeverStarted(attempt.Id));
        else if (made.Trouble is { IsPassing: true } passing)
        {
            Note(AttemptReportFactory.NeverStarted(attempt.Id));
            PauseStarts(passing.Message);
        }
        else if (made.Trouble is { } trouble)
            _table.CannotStart(attempt, trouble.Message, Microseconds());
    }

    /// <summary>Ends the copying for an attempt that is being stopped; false: nothing is being
    /// copied for it.</summary>
    private bool EndCopies(AttemptId id)
    {
        if (!_copying.TryGetValue(id, out var stop))
            return false;
        stop.Cancel();
        return true;
    }

    /// <summary>Deletes what an earlier agent left. The executor has its inventory sent: it takes
    /// none of that any more.</summary>
    private void DeleteOldCopies()
    {
        if (_hasDeletedCopies)
            return;
        _hasDeletedCopies = true;
        try
        {
            if (Directory.Exists(_settings.Home.Copies))
                foreach (var file in Directory.EnumerateFiles(_settings.Home.Copies))
                    File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("Old copies of files cannot be deleted: {0}", e.Message);
        }
    }

    private static void Delete(IReadOnlyList<BlobCopy> copies)
    {
        foreach (var (_, path) in copies)
            File.Delete(path);
    }
}
