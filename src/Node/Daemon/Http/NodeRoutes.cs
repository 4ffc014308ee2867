using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Shows and drains nodes, and tells how the node is that answers.</summary>
internal static class NodeRoutes
{
    public static Task<HttpError?> ListAsync(RouteRequest request) =>
        request.DocumentAsync(CloudCalls.Nodes, new NodesRequest(), NodesDocument.Of);

    public static Task<HttpError?> ForecastAsync(RouteRequest request) =>
        request.DocumentAsync(CloudCalls.Forecast, new ForecastRequest(), ForecastDocument.Of);

    public static Task<HttpError?> DrainAsync(RouteRequest request) =>
        request.DocumentAsync(
            CloudCalls.Drain,
            new DrainRequest
            {
                Node = request.Values["node"],
                DeadlineMs = (long)(request.Query.Duration("deadline")?.TotalMilliseconds ?? 0),
                Force = request.Query.Flag("force"),
                Reason = request.Query.Text("reason") ?? "",
            },
            NodesDocument.Of
        );

    public static Task<HttpError?> UndrainAsync(RouteRequest request) =>
        request.DocumentAsync(
            CloudCalls.Drain,
            new DrainRequest { Node = request.Values["node"], Undrain = true },
            NodesDocument.Of
        );

    public static Task<HttpError?> StatusAsync(RouteRequest request) =>
        request.DocumentAsync(
            CloudCalls.NodeStatus,
            new NodeStatusRequest(),
            status => NodeStatusDocument.Of(status, home: null, request.Now)
        );

    public static async Task<HttpError?> AliveAsync(RouteRequest request)
    {
        await request.WriteAsync(new EmptyDocument());
        return null;
    }

    public static async Task<HttpError?> ReadyAsync(RouteRequest request)
    {
        var status = await request.AskAsync(CloudCalls.NodeStatus, new NodeStatusRequest());
        if (!status.IsGranted)
            return status.Refusal;
        if (!status.Reply.Ready)
            return HttpError.Of(
                ErrorKinds.Unavailable,
                $"Node {status.Reply.Node} is starting or stopping; try again in a moment."
            );
        await request.WriteAsync(new EmptyDocument());
        return null;
    }

    public static async Task<HttpError?> MetricsAsync(RouteRequest request)
    {
        var response = request.Http.Response;
        response.ContentType = MetricText.MediaType;
        if (!request.IsHead)
            await request.Metrics.WriteAsync(response.BodyWriter, request.Cancel);
        return null;
    }

    public static async Task<HttpError?> OpenApiAsync(RouteRequest request)
    {
        // Read when it is wanted: few clients ask for it, and most nodes never need it.
        using var resource = typeof(NodeRoutes).Assembly.GetManifestResourceStream(
            "public-json.schema"
        )!;
        var schema = new byte[resource.Length];
        await resource.ReadExactlyAsync(schema, request.Cancel);
        await HttpAnswers.WriteAsync(
            request.Http,
            request.Route.Success,
            OpenApiDocument.Write(NodeIdentity.Version, schema),
            request.Type
        );
        return null;
    }
}
