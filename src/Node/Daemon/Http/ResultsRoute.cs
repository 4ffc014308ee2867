using System.Buffers;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Waits for jobs, then answers with their results in one document. An answer that is
/// begun could not be refused any more, so it is gathered first, within the memory of the
/// user.</summary>
internal static class ResultsRoute
{
    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var jobs = request.Jobs;
        if (!jobs.Ok)
            return HttpError.Usage(jobs.Error.Message);
        var ignores = request.Query.Flag("ignore_errors");
        var mode = ignores ? AwaitMode.All : AwaitMode.FirstBad;
        var (failure, _) = await WaitRoute.WaitAsync(request, jobs.Value, mode);
        if (failure is not null && !(ignores && failure.Error.Code == ErrorKinds.BadEnd.Code))
            return failure;
        var statuses = await request.AskAsync(
            CloudCalls.Status,
            new StatusRequest { Jobs = jobs.Value }
        );
        if (!statuses.IsGranted)
            return statuses.Refusal;
        if (request.Bodies.TryTake(request.By) is not { } place)
            return BodyReader.Busy();
        using (place)
            return await GatherAsync(request, statuses.Reply.Runs);
    }

    private static async Task<HttpError?> GatherAsync(
        RouteRequest request,
        IEnumerable<StatusRun> runs
    )
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = DocumentWriter.New(text);
        var document = new ResultsDocument(json);
        foreach (var run in runs)
            for (var jid = new Jid(run.First); jid < run.First + run.Count; jid++)
            {
                var error =
                    run.Status == Status.Done
                        ? await AddResultAsync(request, document, jid)
                        : await AddFailureAsync(request, document, jid);
                if (error is not null)
                    return error;
                await json.FlushAsync(request.Cancel);
                if (text.WrittenCount > request.Bodies.Most)
                    return TooLarge(request, jid);
            }
        document.Complete();
        text.Write("\n"u8);
        await HttpAnswers.WriteAsync(
            request.Http,
            request.Route.Success,
            text.WrittenMemory,
            request.Type
        );
        return null;
    }

    private static async Task<HttpError?> AddResultAsync(
        RouteRequest request,
        ResultsDocument document,
        Jid jid
    )
    {
        using var result = new MemoryStream();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        var (dropped, isLarge) = (0L, false);
        var refusal = await request.AnswerAsync(
            CloudCalls.Output,
            new OutputRequest { Jid = jid, Stream = OutputStream.Result },
            async chunk =>
            {
                dropped += chunk.Dropped;
                isLarge = result.Length + chunk.Data.Length > request.Bodies.Most;
                if (isLarge)
                    await enough.CancelAsync();
                else
                    chunk.Data.WriteTo(result);
            },
            enough.Token
        );
        if (isLarge)
            return TooLarge(request, jid);
        if (refusal is not null)
            return refusal;
        if (dropped > 0)
            return HttpError.Of(
                ErrorKinds.TornResult,
                $"{dropped} bytes of the result of job {jid} are no longer kept; GET /v1/jobs/{jid}/output/result sends the rest.",
                jid
            );
        return document.TryAdd(jid, result.GetBuffer().AsSpan(0, (int)result.Length))
            ? null
            : HttpError.Of(
                ErrorKinds.NotText,
                $"The result of job {jid} is not UTF-8, so JSON cannot contain it; GET /v1/jobs/{jid}/output/result sends it.",
                jid
            );
    }

    private static async Task<HttpError?> AddFailureAsync(
        RouteRequest request,
        ResultsDocument document,
        Jid jid
    )
    {
        var item = new SelectionItem { Range = JidRanges.Range(jid, jid) };
        var job = await request.AskAsync(
            CloudCalls.Info,
            new InfoRequest
            {
                Jobs = new Selection { Items = { item } },
                Items = { "status", "reason" },
            }
        );
        if (!job.IsGranted)
            return job.Refusal;
        var error = HttpError.Of(ErrorKinds.BadEnd, JobFailureText.Of(job.Reply), jid).Error;
        document.Add(jid, error with { Next = JobFailureText.NextStep(job.Reply) });
        return null;
    }

    private static HttpError TooLarge(RouteRequest request, Jid jid) =>
        Refusals.Of(
            RefusalCode.TooLarge,
            jid,
            $"The results have more than {Sizes.Print(request.Bodies.Most)}, as many as the node gathers for one answer; ask for fewer jobs, or for each by GET /v1/jobs/JID/output/result."
        );
}
