using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Admits requests that follow jobs: those jobs exist and are the user's, and are not too
/// many. A followed segment stays in memory.</summary>
/// <param name="segmentsMax">Maximum number of segments that one request may follow.</param>
internal sealed class FollowAdmission(SegmentClient segments, int segmentsMax)
{
    /// <summary>All requests of a user together may follow this many times as many.</summary>
    private const long RequestsAtMax = 4;

    private readonly UserBudget _followed = new(RequestsAtMax * segmentsMax);

    /// <summary>The place of the request, to be disposed of when it ends.</summary>
    public async Task<Outcome<IDisposable>> AdmitAsync(IReadOnlyList<JidRange> jobs, Identity by)
    {
        if (await segments.CheckAsync(jobs, by, segmentsMax) is { } refusal)
            return refusal;
        var place = _followed.TryTake(by.User, JidRanges.SegmentCount(jobs));
        return place is null ? SelectionCheck.TooManyFollowed() : new Outcome<IDisposable>(place);
    }
}
