using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Grpc.Core;

namespace JobCloud.Protocol.Access;

/// <summary>A call of the public API: its required role and its messages.</summary>
/// <param name="name">The name of its method in the service.</param>
/// <param name="least">The lowest role that may make it.</param>
/// <param name="words">The action that it permits, as in "may kill jobs".</param>
public abstract class Call(
    string name,
    Role least,
    string words,
    MethodType type,
    MessageParser requests,
    MessageParser replies
)
{
    public string Name => name;
    public Role MinimumRole => least;
    public string Action => words;
    public MethodType Type => type;

    /// <summary>Parses a request; false: it is malformed.</summary>
    public bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out IMessage? request)
    {
        try
        {
            request = requests.ParseFrom(payload);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            request = null;
            return false;
        }
    }

    /// <exception cref="InvalidProtocolBufferException">The reply is malformed.</exception>
    public IMessage ParseReply(ByteString payload) => replies.ParseFrom(payload);
}

/// <summary>A call with the types of its messages.</summary>
public sealed class Call<TRequest, TReply>(
    string name,
    Role least,
    string words,
    MethodType type,
    MessageParser<TRequest> requests,
    MessageParser<TReply> replies
) : Call(name, least, words, type, requests, replies)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    public CallRequest<TReply> With(TRequest request) => new(this, request, replies);
}
