using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Client.Jobs;

/// <summary>The events that a node sends. After a restart, it sends the past ones again; each is
/// passed on once.</summary>
internal sealed class FollowedEvents(
    CloudConnection cloud,
    EventsRequest request,
    CancellationToken cancel = default
) : IDisposable
{
    private readonly EventCursor _cursor = new();
    private readonly Patience.Outage _outage = cloud.Patience.NewOutage();
    private AsyncServerStreamingCall<EventsReply> _call = Begin(cloud, request, cancel);

    /// <summary>The next events; null: the node has sent all.</summary>
    public async Task<IReadOnlyList<JobEvent>?> NextAsync()
    {
        while (true)
        {
            try
            {
                var more = await _call.ResponseStream.MoveNext(CancellationToken.None);
                _outage.End();
                return more ? [.. _call.ResponseStream.Current.Events.Where(_cursor.Takes)] : null;
            }
            catch (RpcException failure)
            {
                if (!request.Follow || !await _outage.PassesAsync(failure, cancel))
                    throw;
            }
            _call.Dispose();
            _cursor.Repeat();
            _call = Begin(cloud, request, cancel);
        }
    }

    public void Dispose() => _call.Dispose();

    private static AsyncServerStreamingCall<EventsReply> Begin(
        CloudConnection cloud,
        EventsRequest request,
        CancellationToken cancel
    ) => cloud.Api.Events(request, cloud.StreamOptions(cancel));
}
