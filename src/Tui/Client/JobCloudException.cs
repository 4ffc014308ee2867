namespace JobCloud.Client;

/// <summary>A request failed. The message is a sentence for people; programs use
/// <see cref="Code"/>.</summary>
/// <remarks>
/// The codes are those of <c>jobcloud -o json</c> and of the HTTP API: <c>usage</c> (the request is
/// malformed; nothing was changed), <c>unknown-job</c>, <c>deleted-job</c>, <c>unfinished-job</c>,
/// <c>not-allowed</c>, <c>too-large</c>, <c>not-found</c> (a node, a file, an attempt),
/// <c>timeout</c>, <c>bad-end</c> (a job did not end as done), <c>torn-result</c> (a part of a
/// result was not kept), <c>unavailable</c> (no node answers), <c>store-unavailable</c> and
/// <c>busy</c> (nothing was changed; try again), <c>untrusted</c> (the certificate of the node),
/// <c>not-supported</c>, <c>internal</c>, <c>refused</c> and <c>unexpected</c>.
/// </remarks>
public sealed class JobCloudException : Exception
{
    internal JobCloudException(string code, string message, long jid, Exception cause)
        : base(message, cause) => (Code, Jid) = (code, jid);

    /// <summary>The kind of the error, a stable word.</summary>
    public string Code { get; }

    /// <summary>The jid of the job that the error is about; 0: of no single job.</summary>
    public long Jid { get; }
}
