namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>A token of one user.</summary>
internal readonly record struct TokenKey(string Owner, string Token);

/// <summary>Decides between nodes who submits under a token.</summary>
internal interface IClaims
{
    /// <summary>Ends once nobody else submits under it.</summary>
    /// <exception cref="OperationCanceledException">Not in time; nothing is claimed.</exception>
    Task TakeAsync(TokenKey key, CancellationToken cancel);

    /// <summary>Others may go on: it is known what came of the submission.</summary>
    void Give(TokenKey key);
}
