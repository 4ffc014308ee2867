using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Takes the replies of a call, one after another: the next is made once this one is
/// taken.</summary>
/// <param name="last">The call has one reply, and this is it.</param>
internal delegate ValueTask ReplyWriter(IMessage reply, bool last);

/// <summary>Answers a call; returns why the replies end early, else null.</summary>
internal delegate Task<Refusal?> CallHandler(
    IMessage request,
    Identity by,
    ReplyWriter write,
    CancellationToken cancel
);

/// <summary>THE table of calls: which ones a node answers now, and by what handler.</summary>
/// <param name="otherwise">Why it does not answer the other calls of the catalogue now.</param>
internal sealed class CallTable(Refusal otherwise)
{
    private readonly Dictionary<Call, CallHandler> _rows = [];

    public Refusal Otherwise => otherwise;

    /// <summary>The only call with messages both ways has a handler of its own kind.</summary>
    public Func<TerminalCaller, Task>? Terminal { get; set; }

    public CallHandler? Find(Call call) => _rows.GetValueOrDefault(call);

    public void Add(Call call, CallHandler handler) => _rows.Add(call, handler);

    /// <summary>A call with one reply.</summary>
    public void One<TRequest, TReply>(
        Call<TRequest, TReply> call,
        Func<TRequest, Identity, CancellationToken, Task<Outcome<TReply>>> handler
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Add(
            call,
            async (request, by, write, cancel) =>
            {
                var outcome = await handler((TRequest)request, by, cancel);
                if (outcome.Granted)
                    await write(outcome.Reply, last: true);
                return outcome.Refusal;
            }
        );

    /// <summary>A call with one reply that is known at once.</summary>
    public void One<TRequest, TReply>(
        Call<TRequest, TReply> call,
        Func<TRequest, Identity, TReply> handler
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        One(call, (r, by, _) => Task.FromResult<Outcome<TReply>>(handler(r, by)));

    /// <summary>A call with any number of replies.</summary>
    public void Many<TRequest, TReply>(
        Call<TRequest, TReply> call,
        Func<TRequest, Identity, CancellationToken, IAsyncEnumerable<Outcome<TReply>>> handler
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Add(
            call,
            async (request, by, write, cancel) =>
            {
                await foreach (var outcome in handler((TRequest)request, by, cancel))
                {
                    if (!outcome.Granted)
                        return outcome.Refusal;
                    // A cancelled write resets a gRPC stream: its client would not learn why.
                    cancel.ThrowIfCancellationRequested();
                    await write(outcome.Reply, last: false);
                }
                return null;
            }
        );
}
