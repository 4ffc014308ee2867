namespace JobCloud.Node.Daemon.Homes;

/// <summary>Directories that only their owner can access.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="CannotStartException">The directory does not exist and cannot be
    /// created.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Private);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The directory {path} cannot be created: {e.Message}");
        }
    }
}
