using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A directory of a job.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Path">The directory beneath the job's own one; empty: that one itself.</param>
/// <param name="Files">Its entries.</param>
public sealed record FilesDocument(
    long Jid,
    int Attempt,
    string Path,
    IEnumerable<PublicFile> Files
) : PublicDocument
{
    public static FilesDocument Of(
        FilesRequest request,
        int attempt,
        IEnumerable<FileEntry> entries
    ) => new(request.Jid, attempt, request.Path, entries.Select(PublicFile.Of));
}

/// <summary>An entry of a directory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Size">The size of a file, in bytes.</param>
/// <param name="Modified">When it was last changed.</param>
public sealed record PublicFile(
    string Name,
    [property: Form(JsonForm.FileKind)] string Kind,
    long Size,
    [property: Form(JsonForm.Instant)] string? Modified
)
{
    /// <summary>The kinds of entries.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["file", "directory", "link"];

    public static PublicFile Of(FileEntry entry) =>
        new(
            entry.Name,
            Kinds[(int)entry.Kind < Kinds.Count ? (int)entry.Kind : 0],
            entry.Size,
            PublicValues.Instant(entry.Modified)
        );
}
