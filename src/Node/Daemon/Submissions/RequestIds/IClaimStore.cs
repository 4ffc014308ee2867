namespace JobCloud.Node.Daemon.Submissions.RequestIds;

/// <summary>A request ID of one user.</summary>
internal readonly record struct RequestKey(string Owner, string RequestId);

/// <summary>Claims that let only one node at a time submit under a request ID.</summary>
internal interface IClaimStore
{
    /// <summary>Completes once this node holds the claim.</summary>
    /// <exception cref="OperationCanceledException">The time ran out; nothing is
    /// claimed.</exception>
    /// <exception cref="System.Data.Common.DbException">The store is unavailable.</exception>
    Task AcquireAsync(RequestKey key, CancellationToken cancel);

    /// <summary>Releases the claim: the outcome of the submission is known.</summary>
    void Release(RequestKey key);
}
