using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Changes jobs.</summary>
internal static class ChangeRoutes
{
    public static Task<HttpError?> KillAsync(RouteRequest request) =>
        ChangeAsync(
            request,
            CloudCalls.Kill,
            jobs => new KillRequest
            {
                Jobs = jobs,
                GraceMs = (long)(request.Query.Duration("grace")?.TotalMilliseconds ?? 0),
            }
        );

    public static Task<HttpError?> RetryAsync(RouteRequest request) =>
        ChangeAsync(request, CloudCalls.Retry, jobs => new RetryRequest { Jobs = jobs });

    public static Task<HttpError?> PrioritizeAsync(RouteRequest request) =>
        ChangeAsync(
            request,
            CloudCalls.Prioritize,
            jobs => new PrioritizeRequest
            {
                Jobs = jobs,
                Priority = (int)(request.Query.Number("priority") ?? 0),
            }
        );

    public static Task<HttpError?> DeleteAsync(RouteRequest request) =>
        ChangeAsync(request, CloudCalls.Delete, jobs => new DeleteRequest { Jobs = jobs });

    private static async Task<HttpError?> ChangeAsync<T>(
        RouteRequest request,
        Call<T, ChangeReply> call,
        Func<Selection, T> message
    )
        where T : class, IMessage<T>
    {
        var jobs = request.Jobs;
        return jobs.Ok
            ? await request.DocumentAsync(call, message(jobs.Value), ChangeDocument.Of)
            : HttpError.Usage(jobs.Error.Message);
    }
}
