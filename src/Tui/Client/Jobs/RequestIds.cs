using JobCloud.Protocol.Api;

namespace JobCloud.Client.Jobs;

/// <summary>Makes submissions repeatable.</summary>
internal static class RequestIds
{
    /// <summary>Gives a submission a request ID, unless it has one: it is then safe to repeat it if
    /// the node becomes unavailable.</summary>
    public static SubmitRequest Repeatable(SubmitRequest request)
    {
        if (request.RequestId.Length == 0 && !request.DryRun)
            request.RequestId = Guid.NewGuid().ToString("N");
        return request;
    }
}
