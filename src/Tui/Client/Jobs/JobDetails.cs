using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;

namespace JobCloud.Client.Jobs;

/// <summary>Reads the details of one job.</summary>
internal static class JobDetails
{
    public static async Task<JobDetail> ReadAsync(
        CloudConnection cloud,
        InfoRequest request,
        CancellationToken cancel = default
    )
    {
        using var call = cloud.Api.Info(request, cloud.UnaryOptions(cancel));
        await call.ResponseStream.MoveNext(CancellationToken.None);
        return call.ResponseStream.Current;
    }
}
