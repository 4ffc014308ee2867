using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>A request whose route, caller and parameters are known.</summary>
/// <param name="Values">The variable segments of its path.</param>
/// <param name="Type">The media type of the answer.</param>
internal sealed record RouteRequest(
    HttpContext Http,
    HttpRoute Route,
    IReadOnlyDictionary<string, string> Values,
    RouteArguments Query,
    string Type,
    Identity By,
    Dispatcher Calls,
    BodyReader Bodies,
    MetricsCollector Metrics,
    long Now
)
{
    /// <summary>The body; empty: the route takes none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>Whether only the headers are wanted.</summary>
    public bool IsHead => HttpMethods.IsHead(Http.Request.Method);

    /// <summary>The jobs of the path.</summary>
    public Parsed<Selection> Jobs => JidNotation.Parse(Values["jids"]);

    /// <summary>The one job of the path.</summary>
    public Parsed<Jid> Job
    {
        get
        {
            var parsed = JidNotation.Parse(Values["jid"]);
            return !parsed.Ok ? parsed.Error
                : parsed.Value.Items is [{ Range: { } range }] && range.First == range.Last
                    ? new Jid(range.First)
                : new TextError(0, 0, $"'{Values["jid"]}' is not a jid; name one job.");
        }
    }

    /// <summary>Makes a call and passes its replies on.</summary>
    public Task<Refusal?> AnswerAsync<TRequest, TReply>(
        Call<TRequest, TReply> call,
        TRequest message,
        Func<TReply, ValueTask> take,
        CancellationToken cancel
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Calls.AnswerAsync(call, message, By, (reply, _) => take((TReply)reply), cancel);

    /// <summary>Makes a call with one reply.</summary>
    public async Task<Outcome<TReply>> AskAsync<TRequest, TReply>(
        Call<TRequest, TReply> call,
        TRequest message
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        TReply? answer = null;
        var refusal = await AnswerAsync(
            call,
            message,
            reply =>
            {
                answer = reply;
                return ValueTask.CompletedTask;
            },
            Cancel
        );
        return refusal is not null ? refusal
            : answer is not null ? answer
            : Refusals.Of(RefusalCode.Internal, $"The call {call.Name} had no reply.");
    }

    /// <summary>Makes a call with one reply, and answers with a document.</summary>
    public async Task<HttpError?> DocumentAsync<TRequest, TReply>(
        Call<TRequest, TReply> call,
        TRequest message,
        Func<TReply, PublicDocument> document
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        // Written while the call still holds the memory of its reply.
        var refusal = await AnswerAsync(
            call,
            message,
            reply => new ValueTask(WriteAsync(document(reply))),
            Cancel
        );
        return HttpError.From(refusal);
    }

    public Task WriteAsync(PublicDocument document) =>
        HttpAnswers.WriteAsync(Http, Route.Success, DocumentWriter.Line(document), Type);
}
