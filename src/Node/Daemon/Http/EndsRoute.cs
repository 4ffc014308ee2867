using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Sends a line for each change, until all jobs have ended.</summary>
internal static class EndsRoute
{
    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var jobs = request.Jobs;
        if (!jobs.Ok)
            return HttpError.Usage(jobs.Error.Message);
        var message = new AwaitRequest
        {
            Jobs = jobs.Value,
            Mode = AwaitMode.All,
            Inside = request.Query.Number("inside") ?? 0,
        };
        if (request.IsHead)
        {
            HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
            return null;
        }
        Refusal? ended = null;
        var refusal = await request.AnswerAsync(
            CloudCalls.Await,
            message,
            async reply =>
            {
                ended = reply.Refusal;
                if (ended is null)
                    await SendAsync(request, EndsDocument.Of(reply));
            },
            request.Cancel
        );
        if ((refusal ?? ended) is not { } error)
            return null;
        if (!request.Http.Response.HasStarted)
            return error;
        await SendAsync(request, ErrorDocument.Of(error));
        return null;
    }

    private static Task SendAsync(RouteRequest request, PublicDocument document)
    {
        if (!request.Http.Response.HasStarted)
            HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
        return RouteOutput.WriteAsync(request, DocumentWriter.Line(document));
    }
}
