using Google.Protobuf;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Protocol.Submissions;

/// <summary>The contents that one submission carries or refers to.</summary>
public static class SentContents
{
    /// <summary>The contents that the cloud keeps, each once, in the submission's order.</summary>
    public static IReadOnlyList<BlobRef> Blobs(JobSpec spec, IEnumerable<MapColumn> columns)
    {
        List<BlobRef>? found = null;
        foreach (var content in All(spec, columns))
        {
            if (content.Blob is { } blob)
                (found ??= []).Add(blob);
        }
        return found is null ? [] : [.. found.DistinctBy(blob => blob.Sha256)];
    }

    /// <summary>Replaces the contents that do not stay in the submission itself.</summary>
    /// <param name="keep">Keeps bytes and returns their name.</param>
    public static async Task MoveAsync(
        JobSpec spec,
        IEnumerable<MapColumn> columns,
        Func<ByteString, Task<BlobRef>> keep
    )
    {
        if (await MovedAsync(SentContent.OfStdin(spec)) is { } stdin)
            stdin.PutIntoStdin(spec);
        foreach (var parameter in spec.Data)
        {
            if (await MovedAsync(SentContent.Of(parameter)) is { } content)
                content.PutInto(parameter);
        }
        foreach (var file in columns.SelectMany(FilesOf))
        {
            if (await MovedAsync(SentContent.Of(file)) is { } content)
                content.PutInto(file);
        }

        async Task<SentContent?> MovedAsync(SentContent? content) =>
            content is { Bytes: { Length: > SentContent.InlineBytes } bytes }
                ? SentContent.Of(await keep(bytes))
                : null;
    }

    /// <summary>The refusal of a submission whose contents are not there.</summary>
    public static Refusal Missing(IReadOnlyList<BlobRef> missing) =>
        new()
        {
            Code = RefusalCode.NotFound,
            Message =
                $"The cloud does not have {(missing.Count == 1 ? "a file" : $"{missing.Count} files")} of this submission from you, such as the one with SHA-256 {BlobRules.NameOf(missing[0].Sha256)}; send it, and submit again.",
        };

    private static IEnumerable<SentContent> All(JobSpec spec, IEnumerable<MapColumn> columns)
    {
        if (SentContent.OfStdin(spec) is { } stdin)
            yield return stdin;
        foreach (var parameter in spec.Data)
        {
            if (SentContent.Of(parameter) is { } content)
                yield return content;
        }
        foreach (var file in columns.SelectMany(FilesOf))
            yield return SentContent.Of(file);
    }

    private static IEnumerable<ColumnFile> FilesOf(MapColumn column) => column.List?.Files ?? [];
}
