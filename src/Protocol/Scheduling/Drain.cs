using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Scheduling;

/// <summary>A drain of a node, which gets no further jobs. Instants in µs.</summary>
/// <param name="Since">The instant of the request, which identifies the drain.</param>
/// <param name="StopAt">When its remaining jobs are stopped, to run elsewhere; 0: never.</param>
public sealed record Drain(string Node, string By, string Reason, long Since, long StopAt)
{
    private const long Millisecond = 1_000;

    /// <summary>The drain that a request asks for; null: the end of a drain.</summary>
    public static Drain? Of(DrainRequest request, long now) =>
        request.Undrain
            ? null
            : new(request.Node, request.By, request.Reason, Math.Max(1, now), StopOf(request, now));

    /// <summary>The request for the node, with the remaining time, as the node's clock may
    /// differ.</summary>
    public DrainRequest ToNode(long now) =>
        new()
        {
            Node = Node,
            By = By,
            Reason = Reason,
            Since = Since,
            Force = StopAt > 0 && StopAt <= now,
            DeadlineMs = StopAt > now ? (StopAt - now + Millisecond - 1) / Millisecond : 0,
        };

    private static long StopOf(DrainRequest request, long now) =>
        request.DeadlineMs > 0 ? now + request.DeadlineMs * Millisecond
        : request.Force ? Math.Max(1, now)
        : 0;
}
