using Google.Protobuf;
using Grpc.Core;

namespace JobCloud.Protocol.Wire;

/// <summary>The trailer of a refused gRPC call with its <see cref="Refusal"/>.</summary>
public static class RefusalTrailer
{
    public const string Name = "jobcloud-refusal-bin";

    public static Metadata Of(Refusal refusal) => new() { { Name, refusal.ToByteArray() } };

    /// <summary>The refusal of a call; null: it failed otherwise.</summary>
    public static Refusal? Of(RpcException failure) =>
        failure.Trailers.GetValueBytes(Name) is { } refusal
            ? Refusal.Parser.ParseFrom(refusal)
            : null;
}
