using Google.Protobuf;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Access;

/// <summary>A request together with its call.</summary>
public class CallRequest
{
    private protected CallRequest(Call call, IMessage message) => (Call, Message) = (call, message);

    public Call Call { get; }
    public IMessage Message { get; }

    /// <summary>The envelope used in sessions, in plain frames and through the cluster.</summary>
    public Request Envelope(ulong tag = 0) =>
        new()
        {
            Tag = tag,
            Method = Call.Name,
            Payload = Message.ToByteString(),
        };
}

/// <summary>A request with the type of its replies.</summary>
public sealed class CallRequest<TReply> : CallRequest
    where TReply : class, IMessage<TReply>
{
    internal CallRequest(Call call, IMessage message, MessageParser<TReply> replies)
        : base(call, message) => Replies = replies;

    public MessageParser<TReply> Replies { get; }
}
