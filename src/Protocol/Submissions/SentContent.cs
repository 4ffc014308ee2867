using Google.Protobuf;

namespace JobCloud.Protocol.Submissions;

/// <summary>What a file sent along holds: its bytes, or the name by which the cloud keeps
/// them.</summary>
public readonly record struct SentContent
{
    /// <summary>Contents of at most so many bytes stand in the submission itself.</summary>
    public const int InlineBytes = 4 << 10;

    private SentContent(ByteString? bytes, BlobRef? blob) => (Bytes, Blob) = (bytes, blob);

    /// <summary>Null: the cloud keeps it under <see cref="Blob"/>.</summary>
    public ByteString? Bytes { get; }
    public BlobRef? Blob { get; }

    public long Size => Blob?.Size ?? Bytes?.Length ?? 0;

    public static SentContent Of(ByteString bytes) => new(bytes, null);

    public static SentContent Of(BlobRef blob) => new(null, blob);

    /// <summary>The file of a parameter; null: its value is only text.</summary>
    public static SentContent? Of(Parameter parameter) =>
        parameter.Blob is { } blob ? Of(blob)
        : parameter.HasFile ? Of(parameter.File)
        : null;

    public static SentContent Of(ColumnFile file) =>
        file.Blob is { } blob ? Of(blob) : Of(file.Content);

    /// <summary>The standard input of a job; null: it has none.</summary>
    public static SentContent? OfStdin(JobSpec spec) =>
        spec.StdinBlob is { } blob ? Of(blob)
        : spec.HasStdin ? Of(spec.Stdin)
        : null;

    public void PutInto(Parameter parameter)
    {
        parameter.ClearFile();
        parameter.Blob = Blob;
        if (Bytes is not null)
            parameter.File = Bytes;
    }

    public void PutInto(ColumnFile file) =>
        (file.Content, file.Blob) = (Bytes ?? ByteString.Empty, Blob);

    public void PutIntoStdin(JobSpec spec)
    {
        spec.ClearStdin();
        spec.StdinBlob = Blob;
        if (Bytes is not null)
            spec.Stdin = Bytes;
    }
}
