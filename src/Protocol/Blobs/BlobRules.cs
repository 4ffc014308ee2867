using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Blobs;

/// <summary>Rules of the contents that the cloud keeps.</summary>
public static class BlobRules
{
    /// <summary>Bytes of a part of an upload: it fits into any message.</summary>
    public const int PartBytes = 256 << 10;

    /// <summary>The size of a content that is known by its hash only.</summary>
    public const long AnySize = -1;

    /// <summary>How long a content stays that no submission refers to.</summary>
    public static readonly TimeSpan KeptUnused = TimeSpan.FromHours(1);

    /// <summary>How long the parts of an upload may pause.</summary>
    public static readonly TimeSpan UploadPause = TimeSpan.FromMinutes(2);

    /// <summary>The hash as users and file names write it.</summary>
    public static string NameOf(ByteString sha256) => Convert.ToHexStringLower(sha256.Span);

    /// <summary>Whether a file has the name of a content.</summary>
    public static bool IsName(string name) =>
        name.Length == 2 * SHA256.HashSizeInBytes && name.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads a hash as <see cref="NameOf"/> writes it; null: it is none.</summary>
    public static ByteString? Sha256Of(string name) =>
        IsName(name) ? UnsafeByteOperations.UnsafeWrap(Convert.FromHexString(name)) : null;

    public static BlobRef RefOf(ReadOnlySpan<byte> content) =>
        new() { Sha256 = ByteString.CopyFrom(SHA256.HashData(content)), Size = content.Length };

    /// <summary>What to do with a part of an upload.</summary>
    /// <param name="received">Bytes that have arrived before.</param>
    public static PartStep Decide(PutBlobRequest part, long received)
    {
        if (part.Offset < 0 || part.Data.Length > part.Blob.Size - part.Offset)
            return PartStep.Refuse;
        if (part.Offset != received)
            return PartStep.Skip;
        return received + part.Data.Length == part.Blob.Size ? PartStep.TakeLast
            : part.Data.IsEmpty ? PartStep.Skip
            : PartStep.Take;
    }

    /// <summary>Whether a reference is of no use any more.</summary>
    /// <param name="jobs">What the segments say about the jobs of its submission.</param>
    /// <param name="age">How long ago the reference was written.</param>
    public static bool IsStale(SubmissionState jobs, TimeSpan age) =>
        jobs == SubmissionState.Deleted || (jobs == SubmissionState.Unknown && age > KeptUnused);
}

/// <summary>What becomes of a part of an upload.</summary>
public enum PartStep
{
    /// <summary>It is not a part of the content.</summary>
    Refuse,

    /// <summary>Another part is expected now: this one came twice, or an earlier one is
    /// lost.</summary>
    Skip,
    Take,
    TakeLast,
}

/// <summary>Whether the jobs of a submission exist.</summary>
public enum SubmissionState
{
    /// <summary>At least one does.</summary>
    Exists,

    /// <summary>All are deleted.</summary>
    Deleted,

    /// <summary>None exists, and not all are deleted: it may not be committed yet.</summary>
    Unknown,
}
