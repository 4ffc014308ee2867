using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Gives output files their own names once their attempts are old enough: many end sooner,
/// without output. For the loop's thread.</summary>
internal sealed class OutputNames(EventLoop loop)
{
    private const long NameAfterMs = 20;
    private readonly Queue<(Attempt Attempt, long At)> _unnamed = new();

    public void Later(Attempt attempt)
    {
        var at = Clock.NowMs() + NameAfterMs;
        if (_unnamed.Count == 0)
            loop.At(at, NameSome);
        _unnamed.Enqueue((attempt, at));
    }

    private void NameSome()
    {
        while (_unnamed.TryPeek(out var next) && next.At <= Clock.NowMs())
        {
            _unnamed.Dequeue();
            if (next.Attempt.MayLive)
                OutputFile.Name(next.Attempt);
        }
        if (_unnamed.TryPeek(out var later))
            loop.At(later.At, NameSome);
    }
}
