using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Jobs;

/// <summary>Sends submissions.</summary>
internal static class SubmissionSender
{
    /// <summary>Every node accepts a request of this size.</summary>
    private const int SmallBytes = 60 << 10;

    /// <summary>At most so many bytes surround a request on the wire.</summary>
    private const int EnvelopeBytes = 256;

    /// <summary>Why no node takes a request, whatever its settings; null: one may.</summary>
    public static Refusal? Problem(SubmitRequest request) =>
        SubmissionCheck.Check(request, SubmissionLimits.OfAnyNode(request.Spec)) is [var first, ..]
            ? first
            : null;

    /// <summary>The place that jobs share with this process.</summary>
    /// <exception cref="ClientErrorException">The user's list of variables is
    /// malformed.</exception>
    public static SubmissionPlace PlaceOf(Submitter submitter, CloudConnection cloud)
    {
        var place = SubmissionPlaces.Of(
            new SubmissionSource(submitter),
            cloud.SocketPath is not null
        );
        return place.Ok
            ? place.Value
            : throw new ClientErrorException(ClientError.Usage(place.Error.Message));
    }

    /// <summary>Submits jobs.</summary>
    /// <exception cref="ClientErrorException">The node takes no request of this
    /// size.</exception>
    public static async Task<SubmitReply> SendAsync(
        CloudConnection cloud,
        SubmitRequest request,
        OutgoingFiles files,
        CancellationToken cancel = default
    )
    {
        RequestIds.Repeatable(request);
        if (request.CalculateSize() is > SmallBytes and var size)
            await CheckSizeAsync(cloud, size, cancel);
        if (request.DryRun)
            return await SubmitAsync(cloud, request, cancel);
        await files.SendAsync(cloud, cancel);
        try
        {
            return await SubmitAsync(cloud, request, cancel);
        }
        catch (RpcException refused)
            when (RefusalTrailer.Of(refused) is { Code: RefusalCode.NotFound }
                && SentContents.Blobs(request.Spec, request.Columns).Count > 0
            )
        {
            // The last job with one of these files was deleted in between.
            await files.SendAsync(cloud, cancel);
            return await SubmitAsync(cloud, request, cancel);
        }
    }

    private static async Task<SubmitReply> SubmitAsync(
        CloudConnection cloud,
        SubmitRequest request,
        CancellationToken cancel
    ) => await cloud.Api.SubmitAsync(request, cloud.UnaryOptions(cancel));

    /// <summary>A node closes the connection of a request that is too large before it has read all
    /// of it.</summary>
    private static async Task CheckSizeAsync(
        CloudConnection cloud,
        long size,
        CancellationToken cancel
    )
    {
        var status = await cloud.Api.NodeStatusAsync(new(), cloud.UnaryOptions(cancel));
        if (status.MessageMaxBytes is > 0 and var most && size + EnvelopeBytes > most)
            throw new ClientErrorException(
                new ClientError(
                    ErrorKinds.TooLarge,
                    $"The job has {Sizes.Print(size)}, more than the node accepts ({Sizes.Print(most)}, jobcloud.gateway.max-message-size); put long values into files, and send those along with @FILE."
                )
            );
    }
}
