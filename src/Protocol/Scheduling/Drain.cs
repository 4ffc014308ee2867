using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Scheduling;

/// <summary>A standing wish that a node runs no further jobs. Instants in µs.</summary>
/// <param name="Since">When it was asked for, which tells it from every other one of the
/// node.</param>
/// <param name="StopAt">When what still runs there is stopped, to run elsewhere; 0: never.</param>
public sealed record Drain(string Node, string By, string Reason, long Since, long StopAt)
{
    private const long Millisecond = 1_000;

    /// <summary>What a request comes to at this instant; null: the end of a drain.</summary>
    public static Drain? Of(DrainRequest request, long now) =>
        request.Undrain
            ? null
            : new(request.Node, request.By, request.Reason, Math.Max(1, now), StopOf(request, now));

    /// <summary>As the node is told: what is left of the time counts, as its clock may be
    /// another.</summary>
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
