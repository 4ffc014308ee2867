using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The same requests as the single calls, within a session's envelope.</summary>
public static class SessionRequests
{
    public static async Task<Reply> AnswerAsync(
        IRequests requests,
        Request request,
        Identity by,
        CancellationToken cancel
    ) =>
        request.BodyCase switch
        {
            Request.BodyOneofCase.Submit => Envelope(
                await requests.SubmitAsync(request.Submit, by, cancel),
                reply => new Reply { Submit = reply }
            ),
            Request.BodyOneofCase.Status => Envelope(
                await requests.StatusAsync(request.Status, by, cancel),
                reply => new Reply { Status = reply }
            ),
            Request.BodyOneofCase.Kill => Changed(
                await requests.KillAsync(request.Kill, by, cancel)
            ),
            Request.BodyOneofCase.Delete => Changed(
                await requests.DeleteAsync(request.Delete, by, cancel)
            ),
            Request.BodyOneofCase.Retry => Changed(
                await requests.RetryAsync(request.Retry, by, cancel)
            ),
            Request.BodyOneofCase.List => Envelope(
                await requests.ListAsync(request.List, by, cancel),
                reply => new Reply { List = reply }
            ),
            Request.BodyOneofCase.Explain => Envelope(
                await requests.ExplainAsync(request.Explain, by, cancel),
                reply => new Reply { Explain = reply }
            ),
            Request.BodyOneofCase.Nodes => Listed(
                await requests.NodesAsync(request.Nodes, by, cancel)
            ),
            Request.BodyOneofCase.Drain => Listed(
                await requests.DrainAsync(request.Drain, by, cancel)
            ),
            Request.BodyOneofCase.Info => await GatherAsync(
                requests.InfoAsync(request.Info, by, cancel)
            ),
            Request.BodyOneofCase.Definitions => Defined(
                await requests.DefinitionsAsync(request.Definitions, by, cancel)
            ),
            Request.BodyOneofCase.Define => Defined(
                await requests.DefineAsync(request.Define, by, cancel)
            ),
            Request.BodyOneofCase.Undefine => Defined(
                await requests.UndefineAsync(request.Undefine, by, cancel)
            ),
            Request.BodyOneofCase.Ticket => Envelope(
                await requests.TicketAsync(request.Ticket, by, cancel),
                reply => new Reply { Ticket = reply }
            ),
            _ => new Reply
            {
                Refusal = new Refusal
                {
                    Code = RefusalCode.Usage,
                    Message =
                        "The request has no body that this node knows; name one of its kinds.",
                },
            },
        };

    private static Reply Changed(Outcome<ChangeReply> outcome) =>
        Envelope(outcome, reply => new Reply { Change = reply });

    private static Reply Listed(Outcome<NodesReply> outcome) =>
        Envelope(outcome, reply => new Reply { Nodes = reply });

    private static Reply Defined(Outcome<DefinitionsReply> outcome) =>
        Envelope(outcome, reply => new Reply { Definitions = reply });

    private static Reply Envelope<T>(Outcome<T> outcome, Func<T, Reply> wrap)
        where T : class =>
        outcome.Granted ? wrap(outcome.Reply) : new Reply { Refusal = outcome.Refusal };

    private static async Task<Reply> GatherAsync(IAsyncEnumerable<Outcome<JobDetail>> details)
    {
        var all = new InfoReply();
        await foreach (var outcome in details)
        {
            if (!outcome.Granted)
                return new Reply { Refusal = outcome.Refusal };
            all.Jobs.Add(outcome.Reply);
        }
        return new Reply { Info = all };
    }
}
