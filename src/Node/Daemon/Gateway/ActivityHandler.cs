using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Counts what happened in spans of time. The index has the times of single jobs. Of maps
/// it has the first start and the last end: their segments are asked where these differ.</summary>
internal sealed class ActivityHandler(
    IActorRef index,
    SegmentClient segments,
    TimeSpan within,
    RequestMemory memory
)
{
    /// <summary>Parts of the index that are read: older jobs are not counted.</summary>
    public const int MaxParts = 256;

    /// <summary>Slices of maps whose segments are asked.</summary>
    public const int MaxSlices = 256;

    /// <summary>What one part of the index, or the replies of some segments, take.</summary>
    private const long Bytes = 2 << 20;

    public async Task<Outcome<ActivityReply>> ActivityAsync(
        ActivityRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        if (ActivityFold.Check(request) is { } wrong)
            return Refusals.Of(RefusalCode.Usage, wrong);
        var taken = await memory.TakeAsync(by, Bytes, cancel);
        if (!taken.IsGranted)
            return taken.Refusal;
        using var held = taken.Reply;
        var fold = new ActivityFold(request);
        var (maps, unread) = (new List<JidRange>(), 0L);
        var find = new FindLives(request.From, fold.Until, by.IsAdmin ? null : by.User);
        var countedFrom = 0L;
        for (var parts = 1; ; parts++)
        {
            var found = await index.Ask<LivesFound>(find, within, cancel);
            countedFrom = Math.Max(countedFrom, found.CutAt);
            foreach (var slice in found.Slices)
                if (!Add(fold, slice))
                {
                    if (maps.Count < MaxSlices)
                        maps.Add(JidRanges.Range(slice.First, slice.Last));
                    else
                        unread += slice.Count;
                }
            if (found.Next is not { } next)
                break;
            if (parts == MaxParts)
            {
                countedFrom = Math.Max(countedFrom, Segments.First(next));
                break;
            }
            find = find with { Before = next };
        }
        await foreach (var read in segments.TimesAsync(maps, by))
            if (read.IsGranted)
                foreach (var life in LifeReader.Lives(read.Reply))
                    fold.Add(life);
            else
                return read.Refusal;
        var reply = fold.Reply();
        (reply.CountedFrom, reply.Unread) = (countedFrom, unread);
        return reply;
    }

    /// <summary>Counts the jobs of a slice, if its row tells enough.</summary>
    private static bool Add(ActivityFold fold, SliceLife slice)
    {
        var life = slice.Life;
        if (slice.Count == 1)
            fold.Add(life);
        else if (life.Started == 0 && slice.Unfinished == slice.Count)
            fold.Add(new JobLife(life.Created, 0, 0, Status.Queued), slice.Count);
        else if (
            slice.Done + slice.Error == slice.Count
            && fold.AreAlike(life.Started, life.Finished)
        )
        {
            fold.Add(life with { Status = Status.Done }, slice.Done);
            fold.Add(life with { Status = Status.Error }, slice.Error);
        }
        else
            return false;
        return true;
    }
}
