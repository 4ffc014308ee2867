using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>Held by the one node of a home for as long as its process lives.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <exception cref="CannotStartException">Another node holds it, or the home cannot be
    /// written.</exception>
    public static HomeLock Take(HomePaths paths)
    {
        foreach (var folder in new[] { paths.Home, paths.Run, paths.Log, paths.Store })
            PrivateFolder.Make(folder);
        try
        {
            // FileShare.None is flock(2) here: it goes with the process, however that ends.
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
            throw new CannotStartException($"The home {paths.Home} cannot be written: {e.Message}");
        }
        catch (IOException)
        {
            throw new CannotStartException(
                $"Another node runs in {paths.Home}; stop it, or choose another home by --home."
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
