using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Requests tickets from a node.</summary>
internal abstract class TicketOffice
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static TicketOffice Of(CloudPlace place) =>
        place.Server switch
        {
            CloudAddress.Local(var path) => new LocalOffice(path),
            CloudAddress.Remote(var server) => new RemoteOffice(place, server),
            _ => throw new ArgumentException($"Unsupported address {place.Server}."),
        };

    /// <returns>A ticket or a refusal; null: no node responds.</returns>
    public async Task<Heard<Ticket>?> TryAskAsync(CancellationToken cancel)
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

    protected abstract Task<Heard<Ticket>?> AskAsync(CancellationToken cancel);
}
