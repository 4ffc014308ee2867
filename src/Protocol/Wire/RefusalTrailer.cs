using Google.Protobuf;
using Grpc.Core;

namespace JobCloud.Protocol.Wire;

/// <summary>Where a gRPC call that was refused carries its <see cref="Refusal"/>.</summary>
public static class RefusalTrailer
{
    public const string Name = "jobcloud-refusal-bin";

    public static Metadata Of(Refusal refusal) => new() { { Name, refusal.ToByteArray() } };

    /// <summary>Why the call was refused; null: it failed otherwise.</summary>
    public static Refusal? Of(RpcException failure) =>
        failure.Trailers.GetValueBytes(Name) is { } refusal
            ? Refusal.Parser.ParseFrom(refusal)
            : null;
}
