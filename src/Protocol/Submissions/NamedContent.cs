namespace JobCloud.Protocol.Submissions;

/// <summary>A content that a client writes into its request, or names by its hash.</summary>
/// <param name="Name">The name of the file; empty: the client gives none.</param>
public sealed record NamedContent(SentContent Content, string Name);
