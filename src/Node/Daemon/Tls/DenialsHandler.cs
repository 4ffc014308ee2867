using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Shows and changes the deny list.</summary>
/// <param name="changed">Makes this node follow a change at once; other nodes do so later.</param>
internal sealed class DenialsHandler(
    DenialStore store,
    string node,
    Func<Task> changed,
    NodeLog log,
    TimeProvider clock
)
{
    public async Task<Outcome<DenialsReply>> ListAsync(CancellationToken cancel) =>
        new DenialsReply { Denials = { await store.AllAsync(cancel) } };

    public async Task<Outcome<DenialsReply>> ChangeAsync(
        DenyRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        if (DenialRules.Validate(request) is { } problem)
            return problem;
        if (!request.Lift && request.Subject == node)
            return Refusals.Of(
                RefusalCode.NotAllowed,
                $"Node {node} cannot deny itself; ask another node, or stop this one."
            );
        var now = clock.NowMicroseconds();
        var isChanged = request.Lift
            ? await store.LiftAsync(request, by.User, now, cancel)
            : await store.AddAsync(request, by.User, now, cancel);
        if (!isChanged)
            return Refusals.Of(
                request.Lift ? RefusalCode.NotFound : RefusalCode.NotAllowed,
                request.Lift
                    ? $"{request.Subject} is not on the deny list; see 'jobcloud ca revoked'."
                    : $"{request.Subject} is already on the deny list; see 'jobcloud ca revoked'."
            );
        log.Write(
            LogLevel.Info,
            "tls",
            $"{by.User} {(request.Lift ? "took" : "put")} {request.Subject} {(request.Lift ? "off" : "on")} the deny list."
        );
        await changed();
        return await ListAsync(cancel);
    }
}
