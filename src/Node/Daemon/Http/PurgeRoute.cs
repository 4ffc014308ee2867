using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Purges finished jobs, some with each call.</summary>
internal static class PurgeRoute
{
    public static async Task<HttpError?> PurgeAsync(RouteRequest request)
    {
        var query = request.Query.Text("query") ?? "";
        var age = request.Query.Duration("older_than");
        if (query.Length == 0 && age is null)
            return HttpError.Usage(
                "Say which finished jobs to purge: a query, or older_than, such as 30d."
            );
        var next = new PurgeRequest
        {
            Query = query,
            FinishedUntil = age is { } past ? request.Now - (long)past.TotalMicroseconds : 0,
            DryRun = request.Query.Flag("dry_run"),
        };
        var purged = 0L;
        do
        {
            var some = await request.AskAsync(CloudCalls.Purge, next);
            if (!some.IsGranted)
                return some.Refusal;
            purged += some.Reply.Purged;
            next.Before = some.Reply.Next;
        } while (next.Before > 0);
        await request.WriteAsync(new ChangeDocument(purged, next.DryRun ? 0 : purged));
        return null;
    }
}
