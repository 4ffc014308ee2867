namespace JobCloud.Node.Daemon.Homes;

/// <summary>Folders that no other user can look into.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="CannotStartException">It is not there and cannot be made.</exception>
    public static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Private);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The folder {path} cannot be made: {e.Message}");
        }
    }
}
