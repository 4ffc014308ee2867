using System.Security.Cryptography;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using static JobCloud.Protocol.Submissions.SubmissionCheck;

namespace JobCloud.Protocol.Submissions;

/// <summary>Checks that the files to send can be stored together in a job's directory.</summary>
public static class FileCheck
{
    internal static IEnumerable<Refusal> Problems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits
    )
    {
        foreach (var column in request.Columns)
        {
            if (column.List is { } list && !IndexesAscend(list))
                return [Usage($"The files of the parameter '{column.Name}' are out of order.")];
        }
        return [.. NameProblems(request, spec), .. SizeProblems(request, spec, limits)];
    }

    private static IEnumerable<Refusal> NameProblems(SubmitRequest request, JobSpec spec)
    {
        var byName = new Dictionary<string, (string Parameter, SentContent Content)>();
        foreach (var (parameter, name, content) in Files(request, spec))
        {
            if (!IsFileName(name))
                yield return Usage(
                    $"'{name}' of the parameter '{parameter}' is not a valid file name."
                );
            else if (!byName.TryAdd(name, (parameter, content)) && Clash(byName[name]))
                yield return Usage($"Two different files are named '{name}'; rename one.");

            bool Clash((string Parameter, SentContent Content) other) =>
                other.Parameter != parameter && other.Content != content;
        }
    }

    private static IEnumerable<Refusal> SizeProblems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits
    )
    {
        var (inline, blobs) = (0L, new Dictionary<BlobRef, long>());
        IEnumerable<SentContent> contents = Files(request, spec).Select(file => file.Content);
        if (SentContent.OfStdin(spec) is { } stdin)
            contents = contents.Append(stdin);
        foreach (var content in contents)
        {
            if (content.Blob is { } blob)
                blobs[blob] = blob.Size;
            else
                inline += content.Size;
        }
        if (inline > limits.FileBytes)
            yield return TooLarge(
                $"The files to send have {Sizes.Print(inline)}; send at most "
                    + $"{Sizes.Print(limits.FileBytes)} in one request, and larger ones by their hash."
            );
        var total = Int128.Zero;
        foreach (var blob in blobs.Keys)
        {
            total += blob.Size;
            if (Problem(blob, limits) is { } problem)
                yield return problem;
        }
        if (total > limits.BlobsBytes)
            yield return TooLarge(
                $"The files to send have {Sizes.Print((long)total)} together, more than "
                    + $"{Sizes.Print(limits.BlobsBytes)} (jobcloud.limits.max-files-size); put some "
                    + "where the jobs can read them, and name their paths."
            );
    }

    /// <summary>Why the cloud does not keep a content; null: it does.</summary>
    public static Refusal? Problem(BlobRef? blob, SubmissionLimits limits) =>
        blob is null || blob.Sha256.Length != SHA256.HashSizeInBytes || blob.Size < 0
            ? Usage("The SHA-256 of a file must have 32 bytes, and its size must be given.")
            : Problem(blob.Size, limits);

    /// <summary>Why the cloud does not keep a content of this size; null: it does.</summary>
    public static Refusal? Problem(long size, SubmissionLimits limits) =>
        size > limits.BlobBytes
            ? TooLarge(
                $"A file to send has {Sizes.Print(size)}, more than "
                    + $"{Sizes.Print(limits.BlobBytes)} (jobcloud.limits.max-file-size); put it where "
                    + "the jobs can read it, and name its path."
            )
            : null;

    /// <summary>Why a content of any size cannot be found by its hash; null: it can.</summary>
    public static Refusal? ProblemOfHash(BlobRef blob) =>
        blob.Sha256.Length == SHA256.HashSizeInBytes
            ? null
            : Usage("The SHA-256 of a file must have 32 bytes.");

    private static IEnumerable<(string Parameter, string Name, SentContent Content)> Files(
        SubmitRequest request,
        JobSpec spec
    )
    {
        foreach (var parameter in spec.Data)
        {
            if (SentContent.Of(parameter) is { } content)
                yield return (parameter.Name, parameter.Value, content);
        }
        foreach (var column in request.Columns)
        {
            foreach (var file in column.List?.Files ?? [])
                yield return (column.Name, column.List!.Values[file.Index], SentContent.Of(file));
        }
    }

    // The lookup of an element's file relies on this order.
    private static bool IndexesAscend(ValueList list)
    {
        var previous = -1;
        foreach (var file in list.Files)
        {
            if (file.Index <= previous || file.Index >= list.Values.Count)
                return false;
            previous = file.Index;
        }
        return true;
    }

    private static bool IsFileName(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\0');
}
