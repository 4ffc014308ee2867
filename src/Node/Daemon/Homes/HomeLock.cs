using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>The lock that the only node of a home holds while its process runs.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <exception cref="CannotStartException">Another node holds the lock, or the home is not
    /// writable.</exception>
    public static HomeLock Acquire(HomePaths paths)
    {
        if (FileOwner.ErrorOfHome(paths.Home) is { } trouble)
            throw new CannotStartException($"The home is not safe: {trouble}.", needsRepair: true);
        foreach (var folder in new[] { paths.Home, paths.Run, paths.Log, paths.Store })
            PrivateFolder.Create(folder);
        Aside.MoveFolder(paths.NodeLock);
        try
        {
            // FileShare.None is flock(2) here: the kernel releases it however the process ends.
            return new HomeLock(
                new FileStream(
                    paths.NodeLock,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            );
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CannotStartException($"The home {paths.Home} is not writable: {e.Message}");
        }
        catch (IOException)
        {
            throw new CannotStartException(
                $"Another node is running in {paths.Home}; stop it, or choose another home with --home."
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
