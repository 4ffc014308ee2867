using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Writes one reply of a call. The next reply is made once this one is accepted.</summary>
/// <param name="last">True for the only reply of a unary call.</param>
internal delegate ValueTask ReplyWriter(IMessage reply, bool last);

/// <summary>Answers a call. Returns the refusal that ended the replies early, or null if they are
/// complete.</summary>
internal delegate Task<Refusal?> CallHandler(
    IMessage request,
    Identity by,
    ReplyWriter write,
    CancellationToken cancel
);

/// <summary>The table of calls: the handler of each call that the node answers now.</summary>
/// <param name="otherwise">The refusal of all other calls in the catalogue.</param>
internal sealed class CallTable(Refusal otherwise)
{
    private readonly Dictionary<Call, CallHandler> _rows = [];

    public Refusal DefaultRefusal => otherwise;

    /// <summary>The handler of terminals, the only call that streams in both directions.</summary>
    public Func<TerminalClientConnection, Task>? Terminal { get; set; }

    /// <summary>Receives the contents that come in one stream instead of in parts.</summary>
    public BlobReceiver? Receiver { get; set; }

    public CallHandler? Find(Call call) => _rows.GetValueOrDefault(call);

    public void Add(Call call, CallHandler handler) => _rows.Add(call, handler);

    /// <summary>Adds a call with one reply.</summary>
    public void AddUnary<TRequest, TReply>(
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
                if (outcome.IsGranted)
                    await write(outcome.Reply, last: true);
                return outcome.Refusal;
            }
        );

    /// <summary>Adds a call with one reply that is known at once.</summary>
    public void AddUnary<TRequest, TReply>(
        Call<TRequest, TReply> call,
        Func<TRequest, Identity, TReply> handler
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        AddUnary(call, (r, by, _) => Task.FromResult<Outcome<TReply>>(handler(r, by)));

    /// <summary>Adds a call with any number of replies.</summary>
    public void AddStreaming<TRequest, TReply>(
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
                    if (!outcome.IsGranted)
                        return outcome.Refusal;
                    // A cancelled write resets the gRPC stream, and its client would not learn why.
                    cancel.ThrowIfCancellationRequested();
                    await write(outcome.Reply, last: false);
                }
                // A stream that ends because the node stops is not complete.
                cancel.ThrowIfCancellationRequested();
                return null;
            }
        );
}
