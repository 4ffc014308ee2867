using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Submits one submission, or a list of them, which is checked as a whole before any of it
/// is submitted.</summary>
internal static class SubmissionRoute
{
    private const string KeyHeader = "Idempotency-Key";

    public static async Task<DoorError?> SubmitAsync(DoorRequest request)
    {
        var read = SubmissionsBody.Read(request.Body.Span);
        if (!read.Ok)
            return DoorError.Usage(read.Error.Message);
        var (items, isList) = read.Value;
        var header = request.Http.Request.Headers[KeyHeader];
        if (header.Count > 1 || header.ToString().Length == 0 && header.Count == 1)
            return DoorError.Usage(
                $"The header {KeyHeader} is empty or given twice; give one value."
            );
        return isList
            ? await SubmitAsync(request, items, header)
            : await SubmitAsync(request, items[0], header);
    }

    private static async Task<DoorError?> SubmitAsync(
        DoorRequest request,
        SubmitRequest item,
        string? key
    )
    {
        if (key is not null && item.RequestId.Length > 0 && item.RequestId != key)
            return DoorError.Usage(
                $"The header {KeyHeader} and the member 'request_id' differ; give one of them."
            );
        item.RequestId = key ?? item.RequestId;
        return await request.DocumentAsync(
            CloudCalls.Submit,
            item,
            reply => SubmittedDocument.Of(item, reply)
        );
    }

    private static async Task<DoorError?> SubmitAsync(
        DoorRequest request,
        IReadOnlyList<SubmitRequest> items,
        string? key
    )
    {
        // What a failure of the store left out is submitted by repeating the list under its key;
        // the rest of it stays as it is.
        key ??= Guid.NewGuid().ToString("N");
        request.Http.Response.Headers[KeyHeader] = key;
        for (var i = 0; i < items.Count; i++)
            if (items[i].RequestId.Length == 0)
                items[i].RequestId = $"{key}:{i + 1}";
        if (FirstRefusal(await AskAsync(request, items.Select(Check))) is { } invalid)
            return invalid;
        // At once, so that their segment commits them together.
        var replies = await AskAsync(request, items);
        if (FirstRefusal(replies) is { } refused)
            return refused;
        await request.WriteAsync(
            SubmissionsDocument.Of(items.Zip(replies, static (item, reply) => (item, reply.Reply!)))
        );
        return null;
    }

    private static SubmitRequest Check(SubmitRequest item)
    {
        var check = item.Clone();
        check.DryRun = true;
        return check;
    }

    private static Task<Outcome<SubmitReply>[]> AskAsync(
        DoorRequest request,
        IEnumerable<SubmitRequest> items
    ) => Task.WhenAll(items.Select(item => request.AskAsync(CloudCalls.Submit, item)));

    /// <summary>The first refusal, with the place of its submission.</summary>
    private static DoorError? FirstRefusal(Outcome<SubmitReply>[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
            if (outcomes[i].Refusal is { } refusal)
            {
                var placed = refusal.Clone();
                placed.Message = SubmissionsBody.At(i, refusal.Message);
                return placed;
            }
        return null;
    }
}
