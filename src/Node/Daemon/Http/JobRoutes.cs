using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Shows jobs.</summary>
internal static class JobRoutes
{
    public static async Task<HttpError?> ListAsync(RouteRequest request)
    {
        var query = ListPage.Query(
            request.Query.Text("query") ?? "",
            request.Query.Number("after")
        );
        if (!query.Ok)
            return HttpError.Usage($"The query: {query.Error.Message}");
        var asOf = request.Query.Instant("as_of") ?? 0;
        return await request.DocumentAsync(
            CloudCalls.List,
            new ListRequest
            {
                Query = query.Value,
                Limit = (int)(request.Query.Number("limit") ?? 0),
                Expand = request.Query.Flag("expand"),
                Deleted = request.Query.Flag("deleted"),
                AsOf = asOf,
            },
            reply => ListDocument.Of(reply, request.Now, asOf)
        );
    }

    public static async Task<HttpError?> ActivityAsync(RouteRequest request)
    {
        var asked = ActivityPeriod.Read(
            request.Query.Instant("since")!.Value,
            request.Query.Instant("until") ?? request.Now,
            request.Query.Duration("span")
        );
        return asked.Ok
            ? await request.DocumentAsync(CloudCalls.Activity, asked.Value, ActivityDocument.Of)
            : HttpError.Usage(asked.Error.Message);
    }

    public static async Task<HttpError?> StatusAsync(RouteRequest request)
    {
        var jobs = request.Jobs;
        if (!jobs.Ok)
            return HttpError.Usage(jobs.Error.Message);
        return await request.DocumentAsync(
            CloudCalls.Status,
            new StatusRequest { Jobs = jobs.Value, Fold = !request.Query.Flag("expand") },
            StatusDocument.Of
        );
    }

    public static async Task<HttpError?> ExplainAsync(RouteRequest request)
    {
        var job = request.Job;
        if (!job.Ok)
            return HttpError.Usage(job.Error.Message);
        return await request.DocumentAsync(
            CloudCalls.Explain,
            new ExplainRequest { Jid = job.Value },
            ExplainDocument.Of
        );
    }

    public static async Task<HttpError?> InfoAsync(RouteRequest request)
    {
        var items = InfoSelection.Parse(request.Query.Text("items") ?? "");
        return items.Ok
            ? await InfoAsync(request, items.Value.Items)
            : HttpError.Usage(items.Error.Message);
    }

    public static Task<HttpError?> PortsAsync(RouteRequest request) =>
        InfoAsync(request, InfoSelection.Parse("ports").Value!.Items);

    private static async Task<HttpError?> InfoAsync(
        RouteRequest request,
        IReadOnlyList<InfoItem> items
    )
    {
        var jobs = request.Jobs;
        if (!jobs.Ok)
            return HttpError.Usage(jobs.Error.Message);
        var output = request.Http.Response.BodyWriter;
        using var json = DocumentWriter.New(output);
        var document = new InfoDocument(json, items);
        var message = new InfoRequest { Jobs = jobs.Value };
        message.Items.AddRange(items.Select(static item => item.Name));
        HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
        var refusal = await request.AnswerAsync(
            CloudCalls.Info,
            message,
            async job =>
            {
                document.Add(job, request.Now);
                await output.FlushAsync(request.Cancel);
            },
            request.Cancel
        );
        if (refusal is not null)
            return refusal;
        document.Complete();
        await RouteOutput.EndLineAsync(request);
        return null;
    }
}
