using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Asks a node for a ticket.</summary>
internal abstract class TicketOffice
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static TicketOffice Of(CloudPlace place) =>
        place.Server switch
        {
            CloudAddress.Local(var path) => new LocalOffice(path),
            CloudAddress.Remote(var server) => new RemoteOffice(place, server),
            _ => throw new ArgumentException($"{place.Server} has no office."),
        };

    /// <returns>A ticket or a refusal; null: nobody answers there.</returns>
    public async Task<Heard<Ticket>?> TryAskAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            return await AskAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    protected abstract Task<Heard<Ticket>?> AskAsync(CancellationToken cancel);
}
