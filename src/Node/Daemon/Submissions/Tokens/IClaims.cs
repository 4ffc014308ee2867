namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>A request ID of one user.</summary>
internal readonly record struct TokenKey(string Owner, string Token);

/// <summary>Claims that let only one node at a time submit under a request ID.</summary>
internal interface IClaims
{
    /// <summary>Completes once this node holds the claim.</summary>
    /// <exception cref="OperationCanceledException">The time ran out; nothing is
    /// claimed.</exception>
    Task TakeAsync(TokenKey key, CancellationToken cancel);

    /// <summary>Releases the claim: the outcome of the submission is known.</summary>
    void Give(TokenKey key);
}
