using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>Notices within seconds that somebody removed files of the home: makes those that can
/// be made anew, and ends the executor when its store is gone.</summary>
/// <param name="repair">Makes the files of run/ anew; returns whether any was gone.</param>
/// <param name="storeIsGone">Ends the executor.</param>
internal sealed class HomeWatch(
    HomePaths home,
    ExecutorLock held,
    EventLoop loop,
    ExecutorLog log,
    Func<Moment, bool> repair,
    Action<Moment> storeIsGone
)
{
    private const long LookMs = 1_000;

    private bool _wasGone;

    public void Watch(long now) => loop.At(now + LookMs, Look);

    private void Look(Moment now)
    {
        var isGone = !held.HoldsStore;
        if (isGone && _wasGone)
        {
            log.Write(
                $"the store {home.Store} was removed or replaced: ending, before a new node runs "
                    + "there; start one with 'jobcloud node start'"
            );
            storeIsGone(now);
            return;
        }
        _wasGone = isGone;
        if (!isGone)
            Repair(now);
        Watch(now.Ms);
    }

    private void Repair(Moment now)
    {
        if (!held.HoldsFile && held.TryReplaceFile())
            log.Write($"the lock {home.ExecutorLock} was removed or replaced: created it again");
        if (repair(now))
            log.Write($"files of {home.Run} were removed or replaced: created them again");
    }
}
