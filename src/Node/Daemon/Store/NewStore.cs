using System.Globalization;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The operator's request to start with an empty store
/// (<see cref="HomePaths.NewStoreRequest"/>). The earlier files stay, under other names.</summary>
internal sealed class NewStore(HomePaths paths, DateTimeOffset now)
{
    /// <summary>The files of a database; the parts after the first belong to the first.</summary>
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    private readonly string _suffix = now.ToString(
        "'.'yyyyMMdd'T'HHmmss'Z'",
        CultureInfo.InvariantCulture
    );

    public bool IsWanted => File.Exists(paths.NewStoreRequest);

    /// <summary>Whether the operator wants to use an older store.</summary>
    public bool IsOlderWanted => File.Exists(paths.OlderStoreRequest);

    /// <summary>Sets the journal aside. The index and the outputs stay until the new journal
    /// exists: they tell the highest jid.</summary>
    /// <exception cref="CannotStartException">A file cannot be renamed.</exception>
    public void SetJournalAside() => SetAside(paths.Journal);

    /// <summary>Sets the rest of the earlier store aside, and forgets the request.</summary>
    /// <exception cref="CannotStartException">A file cannot be renamed.</exception>
    public void Finish()
    {
        SetAside(paths.Index);
        SetAside(paths.OutputStore);
        File.Delete(paths.NewStoreRequest);
    }

    /// <summary>Sets the index of a newer store aside, and forgets the request to use an older
    /// one.</summary>
    /// <exception cref="CannotStartException">A file cannot be renamed.</exception>
    public void FinishOlder()
    {
        SetAside(paths.Index);
        File.Delete(paths.OlderStoreRequest);
    }

    private void SetAside(string path)
    {
        try
        {
            foreach (var part in Parts)
            {
                if (File.Exists(path + part))
                    File.Move(path + part, path + _suffix + part, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException(
                $"The file {path} cannot be renamed: {e.Message}",
                needsRepair: true
            );
        }
    }
}
