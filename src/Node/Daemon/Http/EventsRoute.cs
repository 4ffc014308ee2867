using System.Globalization;
using System.Text;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Sends the history of jobs: as one document, as lines, or as server-sent
/// events.</summary>
internal static class EventsRoute
{
    /// <summary>Segments commit independently, so an event may arrive after one that happened
    /// later, by less than this.</summary>
    private const long LatenessMax = 10_000_000;

    public static async Task<HttpError?> OfJobsAsync(RouteRequest request)
    {
        var jobs = request.Jobs;
        return jobs.Ok
            ? await AnswerAsync(request, jobs.Value)
            : HttpError.Usage(jobs.Error.Message);
    }

    public static Task<HttpError?> OfAllAsync(RouteRequest request) =>
        AnswerAsync(request, new Selection());

    private static async Task<HttpError?> AnswerAsync(RouteRequest request, Selection jobs)
    {
        var query = request.Query;
        var follow = query.Flag("follow");
        if (follow && request.Type == MediaTypes.Json)
            return HttpError.Usage(
                $"A followed history has no end, so it cannot be one JSON document; send the header 'Accept: {MediaTypes.Lines}' or 'Accept: {MediaTypes.ServerEvents}'."
            );
        var message = new EventsRequest
        {
            Jobs = jobs,
            Follow = follow && !request.IsHead,
            Tail = query.Number("tail") ?? 0,
            Since = query.Instant("since") ?? 0,
        };
        string? seen = request.Http.Request.Headers["Last-Event-ID"];
        if (seen is { Length: > 0 })
        {
            if (!long.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                return HttpError.Usage(
                    $"The Last-Event-ID '{seen}' is not the id of an event of this node; omit it."
                );
            message.Since = Math.Max(message.Since, Math.Max(1, last - LatenessMax));
        }
        HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
        return request.Type == MediaTypes.Json
            ? await DocumentAsync(request, message)
            : await StreamAsync(request, message);
    }

    /// <summary>Writes one document, part by part.</summary>
    private static async Task<HttpError?> DocumentAsync(RouteRequest request, EventsRequest message)
    {
        var output = request.Http.Response.BodyWriter;
        using var json = DocumentWriter.New(output);
        var hasBegun = false;
        void Begin()
        {
            if (hasBegun)
                return;
            hasBegun = true;
            json.WriteStartObject();
            json.WriteNumber("version"u8, PublicDocument.CurrentVersion);
            json.WriteStartArray("events"u8);
        }
        var refusal = await request.AnswerAsync(
            CloudCalls.Events,
            message,
            async reply =>
            {
                Begin();
                foreach (var fact in reply.Events)
                    if (EventDocument.Of(fact) is { } one)
                        DocumentWriter.Write(json, one with { Version = null });
                await json.FlushAsync(request.Cancel);
                await output.FlushAsync(request.Cancel);
            },
            request.Cancel
        );
        if (refusal is not null)
            return refusal;
        Begin();
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(request.Cancel);
        await RouteOutput.EndLineAsync(request);
        return null;
    }

    /// <summary>Writes each event by itself. An error after the first one is the last
    /// line.</summary>
    private static async Task<HttpError?> StreamAsync(RouteRequest request, EventsRequest message)
    {
        var newest = 0L;
        var refusal = await request.AnswerAsync(
            CloudCalls.Events,
            message,
            async reply =>
            {
                using var lines = new MemoryStream();
                foreach (var fact in reply.Events)
                {
                    newest = Math.Max(newest, fact.At);
                    if (EventDocument.Of(fact) is { } one)
                        Write(lines, request.Type, DocumentWriter.Line(one), newest);
                }
                if (lines.Length > 0)
                    await RouteOutput.WriteAsync(request, lines.ToArray());
            },
            request.Cancel
        );
        if (refusal is null || !request.Http.Response.HasStarted)
            return HttpError.From(refusal);
        using var end = new MemoryStream();
        Write(end, request.Type, DocumentWriter.Line(ErrorDocument.Of(refusal)), newest: 0);
        await RouteOutput.WriteAsync(request, end.ToArray());
        return null;
    }

    /// <param name="newest">The id of the event; 0: it is an error.</param>
    private static void Write(Stream to, string type, byte[] line, long newest)
    {
        if (type == MediaTypes.ServerEvents)
            to.Write(
                Encoding.ASCII.GetBytes(
                    newest > 0 ? $"id: {newest}\ndata: " : "event: error\ndata: "
                )
            );
        to.Write(line);
        if (type == MediaTypes.ServerEvents)
            to.WriteByte((byte)'\n');
    }
}
