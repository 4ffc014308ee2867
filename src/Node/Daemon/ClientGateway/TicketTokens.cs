using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>The access tokens with which tickets end.</summary>
/// <param name="ReadAsync">Reads them; the result tells why the token with a hash is not valid, or
/// null.</param>
/// <param name="Age">Time that a ticket may outlive its token.</param>
internal sealed record TicketTokens(
    Func<CancellationToken, Task<Func<string, Refusal?>>> ReadAsync,
    TimeSpan Age
);
