namespace JobCloud.Protocol.Sandboxes;

/// <summary>A path on the machine that a job sees at another path, split so that it can be opened
/// without leaving the directory that was bound.</summary>
/// <param name="Root">A directory of the machine that the job sees.</param>
/// <param name="Path">The path below it, without links; empty: the directory itself.</param>
public sealed record SandboxPlace(string Root, string Path)
{
    public string Full => Path.Length == 0 ? Root : $"{Root.TrimEnd('/')}/{Path}";
}

/// <summary>A part of a job's file tree.</summary>
/// <param name="Inside">Its path in the sandbox.</param>
/// <param name="Outside">The directory of the machine there; null: one that ends with the
/// sandbox.</param>
public readonly record struct SandboxPart(string Inside, string? Outside);
