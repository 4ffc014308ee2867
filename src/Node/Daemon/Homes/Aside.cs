using System.Globalization;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>Renames what lies in the place of a file of the home.</summary>
internal static class Aside
{
    /// <summary>Renames a directory in the place of a file.</summary>
    /// <exception cref="CannotStartException">It cannot be renamed.</exception>
    public static void MoveFolder(string path)
    {
        if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
            Move(path);
    }

    /// <exception cref="CannotStartException">It cannot be renamed.</exception>
    public static void Move(string path)
    {
        var aside = string.Create(
            CultureInfo.InvariantCulture,
            $"{path}.aside-{DateTime.UtcNow.Ticks}"
        );
        try
        {
            Directory.Move(path, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The file {path} cannot be renamed: {e.Message}");
        }
    }
}
