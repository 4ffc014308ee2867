using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Something was done, and there is nothing to say about it.</summary>
public sealed record EmptyDocument : PublicDocument;

/// <summary>The name of what was deleted or revoked.</summary>
public sealed record NameDocument(string Name) : PublicDocument;

/// <summary>The jobs for which somebody waited have finished.</summary>
/// <param name="Jobs">The number of jobs.</param>
/// <param name="Statuses">With which statuses they ended.</param>
public sealed record FinishedDocument(long Jobs, StatusCounts Statuses) : PublicDocument
{
    public static FinishedDocument Of(AwaitReply last) =>
        new(last.Total, StatusCounts.Of(last.Counts));
}

/// <summary>The node that was stopped.</summary>
/// <param name="Home">The directory with its data.</param>
public sealed record StoppedNodeDocument(string Home) : PublicDocument;

/// <summary>The words that can stand at the end of a command line.</summary>
public sealed record CompletionsDocument(IEnumerable<string> Words) : PublicDocument;

/// <summary>A file that the cloud keeps.</summary>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
public sealed record BlobDocument(string Sha256, long Size) : PublicDocument;

/// <summary>The certificate, node or client that was put on the deny list or taken off
/// it.</summary>
public sealed record SubjectDocument(string Subject) : PublicDocument;

/// <summary>The effective settings.</summary>
public sealed record SettingsDocument(IEnumerable<PublicSetting> Settings) : PublicDocument
{
    public static SettingsDocument Of(ConfigReply reply) =>
        new(reply.Entries.Select(one => new PublicSetting(one.Key, one.Value, one.Origin)));
}

/// <summary>A setting.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its effective value, as text.</param>
/// <param name="Origin">Where the value comes from.</param>
public sealed record PublicSetting(string Key, string Value, string Origin);

/// <summary>The submissions of one request, in its order.</summary>
/// <param name="Jobs">Without a version of their own.</param>
public sealed record SubmissionsDocument(IEnumerable<SubmittedDocument> Jobs) : PublicDocument
{
    public static SubmissionsDocument Of(
        IEnumerable<(SubmitRequest Request, SubmitReply Reply)> submissions
    ) =>
        new(
            submissions.Select(one =>
                SubmittedDocument.Of(one.Request, one.Reply) with
                {
                    Version = null,
                }
            )
        );
}
