namespace JobCloud.Protocol.Sandboxes;

/// <summary>What lies at a path.</summary>
public enum PlaceKind
{
    Nothing,
    Directory,
    Link,
    Other,
}

/// <param name="Kind">A link is not followed.</param>
/// <param name="MayWrite">Whether entries can be made in it: of a directory.</param>
/// <param name="Target">Of a link.</param>
public readonly record struct Place(PlaceKind Kind, bool MayWrite = false, string Target = "");

/// <summary>What lies on a machine.</summary>
public interface IPlaces
{
    Place At(string path);

    /// <summary>Whether links lead to a directory that may be entered.</summary>
    bool IsDirectory(string path);
}

/// <summary>What lies on a machine, and in its directories.</summary>
public interface IFileTree : IPlaces
{
    /// <summary>The names in a directory; empty where it may not be read.</summary>
    IReadOnlyList<string> Names(string directory);
}
