using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Connections;

/// <summary>Learns the clock of a remote node from the date of its answers: that machine and this
/// one may differ by hours, and the times of jobs are the node's.</summary>
internal sealed class ServerDate(HttpMessageHandler inner, TimeProvider clock)
    : DelegatingHandler(inner)
{
    /// <summary>A date has whole seconds, and an answer takes some time.</summary>
    private const long Unclear = 2_000_000;

    private long _ahead;

    /// <summary>How far the node's clock is ahead of this machine's, in µs; 0: they
    /// agree.</summary>
    public long Ahead => Volatile.Read(ref _ahead);

    /// <summary>Whether the node has answered.</summary>
    public bool IsKnown { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } date)
        {
            Volatile.Write(ref _ahead, Between(date.ToMicroseconds(), clock.NowMicroseconds()));
            IsKnown = true;
        }
        return response;
    }

    private static long Between(long node, long own) =>
        Math.Abs(node - own) <= Unclear ? 0 : node - own;
}
