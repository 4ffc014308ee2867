using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Requests tickets from a node.</summary>
internal abstract class TicketClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static TicketClient Of(ConnectionOptions place) =>
        place.Server switch
        {
            CloudAddress.Local(var path) => new LocalTicketClient(path),
            CloudAddress.Remote(var server) => new RemoteTicketClient(place, server),
            _ => throw new ArgumentException($"Unsupported address {place.Server}."),
        };

    /// <returns>A ticket or a refusal; null: no node responds.</returns>
    public async Task<CallResult<Ticket>?> TryAskAsync(CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Timeout);
        try
        {
            return await AskAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    protected abstract Task<CallResult<Ticket>?> AskAsync(CancellationToken cancel);
}
