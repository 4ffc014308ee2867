using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Submits one submission, or a list of them in one commit.</summary>
internal static class SubmissionRoute
{
    private const string KeyHeader = "Idempotency-Key";

    public static async Task<HttpError?> SubmitAsync(RouteRequest request)
    {
        var read = SubmissionsBody.Read(request.Body.Span);
        if (!read.Ok)
            return HttpError.Usage(read.Error.Message);
        var (items, isList) = read.Value;
        var header = request.Http.Request.Headers[KeyHeader];
        if (header.Count > 1 || header.ToString().Length == 0 && header.Count == 1)
            return HttpError.Usage(
                $"The header {KeyHeader} is empty or given twice; give one value."
            );
        foreach (var item in items)
            TraceContext.PutInto(item.Spec, request.Http.Request.Headers[TraceContext.Header]);
        return isList
            ? await SubmitAsync(request, items, header)
            : await SubmitAsync(request, items[0], header);
    }

    private static async Task<HttpError?> SubmitAsync(
        RouteRequest request,
        SubmitRequest item,
        string? key
    )
    {
        if (key is not null && item.RequestId.Length > 0 && item.RequestId != key)
            return HttpError.Usage(
                $"The header {KeyHeader} and the member 'request_id' differ; give one of them."
            );
        item.RequestId = key ?? item.RequestId;
        return await request.DocumentAsync(
            CloudCalls.Submit,
            item,
            reply => SubmittedDocument.Of(item, reply)
        );
    }

    private static Task<HttpError?> SubmitAsync(
        RouteRequest request,
        IReadOnlyList<SubmitRequest> items,
        string? key
    ) =>
        request.DocumentAsync(
            CloudCalls.SubmitList,
            new SubmitListRequest { Submissions = { items }, RequestId = key ?? "" },
            reply => SubmissionsDocument.Of(items.Zip(reply.Replies))
        );
}
