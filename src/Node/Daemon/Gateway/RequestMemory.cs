using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The memory that the requests of one user may use at the same time. A request waits
/// until enough of it is free.</summary>
/// <param name="most">Bytes per user.</param>
/// <param name="within">Longest wait; then the request is refused as busy.</param>
internal sealed class RequestMemory(long most, TimeSpan within)
{
    private readonly UserBudget _budget = new(most);

    /// <summary>Takes memory, to be given back when the request ends.</summary>
    /// <param name="bytes">What the request holds at most; it is served even above the
    /// budget.</param>
    public async Task<Outcome<IDisposable>> TakeAsync(
        Identity by,
        long bytes,
        CancellationToken cancel
    ) =>
        await _budget.TakeAsync(by.User, bytes, within, cancel) is { } taken
            ? new Outcome<IDisposable>(taken)
            : Refusals.Of(
                RefusalCode.Busy,
                "Your other requests use the memory that the node gives to one user (jobcloud.gateway.memory-per-user); try again when some of them have ended."
            );
}
