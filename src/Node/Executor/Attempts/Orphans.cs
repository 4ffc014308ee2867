using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds whose the orphans are: by their session, else by the mark in their environment.
/// For the loop's thread.</summary>
/// <param name="reaped">As in <see cref="Adoptions{TOwner}"/>.</param>
internal sealed class Orphans(HomePaths home, EventLoop loop, AttemptBook book, Func<long> reaped)
    : IDisposable
{
    /// <summary>Orphans that show only that they are not of another job are looked at again so
    /// often.</summary>
    private const long LookAgainMs = 1_000;

    private readonly Adoptions<Attempt> _adoptions = new(reaped);
    private bool _looksAgain;

    /// <summary>Whether there are some whose owner is not known.</summary>
    public bool HasStrangers => _adoptions.HasStrangers;

    /// <summary>Whether there are some whose owner can be told only in a moment.</summary>
    public bool HasPuzzles => _adoptions.HasPuzzles;

    public bool Any(Attempt attempt) => _adoptions.Any(attempt);

    public Attempt? OwnerOf(int pid) => _adoptions.OwnerOf(pid);

    /// <summary>An orphan was reaped: whose it was.</summary>
    public Attempt? Reaped(int pid) => _adoptions.Reaped(pid);

    /// <summary>Finds the owners that are not known yet, and comes back for those that it did not
    /// find.</summary>
    public void Look(long now)
    {
        _adoptions.Refresh(OwnershipOf, now);
        if (!HasStrangers || _looksAgain)
            return;
        _looksAgain = true;
        loop.At(
            now + LookAgainMs,
            later =>
            {
                _looksAgain = false;
                Look(later.Ms);
            }
        );
    }

    public void Dispose() => _adoptions.Dispose();

    private Ownership<Attempt> OwnershipOf(int pid)
    {
        if (book.TryGetByPid(Libc.getsid(pid), out var bySession))
            return new(bySession);
        if (ProcessMark.Of(pid, home.Home, out var isShown) is not { } id)
            return new(null, isShown);
        if (book.TryGet(id, out var byMark) && byMark.Living is not null)
            return new(byMark);
        // It hid for so long that its job was taken to have ended.
        _ = Libc.kill(pid, Libc.SIGKILL);
        return new(null);
    }
}
