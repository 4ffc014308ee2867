using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Renames pooled output files to their final paths after a delay: many attempts end
/// earlier, without output. Used only on the event-loop thread.</summary>
internal sealed class OutputRenamer(EventLoop loop)
{
    private const long NameAfterMs = 20;
    private readonly Queue<(TrackedAttempt Attempt, long At)> _unnamed = new();

    public void Schedule(TrackedAttempt attempt, long now)
    {
        var at = now + NameAfterMs;
        if (_unnamed.Count == 0)
            loop.At(at, NameSome);
        _unnamed.Enqueue((attempt, at));
    }

    private void NameSome(Moment now)
    {
        while (_unnamed.TryPeek(out var next) && next.At <= now.Ms)
        {
            _unnamed.Dequeue();
            next.Attempt.LiveJob?.Output.Rename();
        }
        if (_unnamed.TryPeek(out var later))
            loop.At(later.At, NameSome);
    }
}
