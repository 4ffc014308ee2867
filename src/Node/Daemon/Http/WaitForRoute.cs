using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Waits until a job has a status or listens on a port.</summary>
internal static class WaitForRoute
{
    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var job = request.Job;
        if (!job.Ok)
            return HttpError.Usage(job.Error.Message);
        var wanted = Read(request);
        if (!wanted.Ok)
            return HttpError.Usage(wanted.Error.Message);
        var message = wanted.Value;
        message.Jobs = new Selection
        {
            Items = { new SelectionItem { Range = JidRanges.Range(job.Value, job.Value) } },
        };
        var (last, refusal, timeUp) = await TimedWait.MakeAsync(request, message);
        if (last.Finished)
            return last.Refusal is { } missed ? TimedWait.ErrorOf(missed) : await WriteAsync();
        return timeUp is { } limit
            ? HttpError.Of(
                ErrorKinds.Timeout,
                JobFailureText.TimeUp(job.Value, Missed(message), last, limit),
                job.Value
            )
            : HttpError.From(refusal);

        async Task<HttpError?> WriteAsync()
        {
            await request.WriteAsync(
                last.Port is { } port
                    ? PortDocument.Of(job.Value, port)
                    : ReachedStatusDocument.Of(job.Value, message.Status)
            );
            return null;
        }
    }

    /// <summary>What the request waits for.</summary>
    private static Parsed<AwaitRequest> Read(RouteRequest request)
    {
        var (status, port) = (request.Query.Text("status"), request.Query.Text("port"));
        if ((status is null) == (port is null))
            return new TextError(0, 0, "Give 'status' or 'port', one of them.");
        if (status is not null)
            return StatusNames.TryParse(status, out var known)
                ? new AwaitRequest { Mode = AwaitMode.Status, Status = known }
                : new TextError(
                    0,
                    0,
                    $"'{status}' is not a status; use one of {string.Join(", ", StatusNames.All)}."
                );
        var parsed = PublishedPorts.Parse(port!);
        return parsed.Ok
            ? new AwaitRequest
            {
                Mode = AwaitMode.Port,
                Port = parsed.Value.Port,
                Transport = parsed.Value.Transport,
            }
            : parsed.Error;
    }

    private static string Missed(AwaitRequest message) =>
        message.Mode == AwaitMode.Port
            ? $"does not listen on {PortMessages.Of(message.Transport)} port {message.Port}"
            : $"is not {StatusNames.Of(message.Status)}";
}
