using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Resolves a jid list to jids. Looks up words, labels, statuses and maps in the
/// index, and asks the segment of a slice if only some of its jobs match.</summary>
internal sealed class Selections(IActorRef index, SegmentClient segments, TimeSpan within)
{
    /// <summary>A range of more segments asks the index first.</summary>
    private const int FewSegments = 8;

    /// <summary>Slices of maps that are looked up for that, at most.</summary>
    private const int MostSlices = 100_000;

    private readonly MapSlices _maps = new(index, within);

    /// <summary>Returns the selected jids in the order requested, each once, without those of
    /// deleted jobs in ranges. Does not check that jobs have the others.</summary>
    public async Task<Outcome<IReadOnlyList<JidRange>>> ResolveAsync(
        Selection? selection,
        Identity by,
        CancellationToken cancel
    )
    {
        var named = await ResolveNamedAsync(selection, by, cancel);
        if (!named.IsGranted)
            return named.Refusal;
        // The selection is valid, as it was resolved.
        var items = SelectionCheck.Items(selection, out _)!;
        var skipping = await AskedAsync(SelectedRanges.Skipping(items), by, cancel);
        if (skipping.Count == 0)
            return named;
        var deleted = await segments.DeletedAsync(skipping, by);
        return SelectedRanges.OfDeleted(items, deleted) is { } refusal
            ? refusal
            : JidRanges.Except(named.Reply, deleted);
    }

    /// <summary>Returns the same with the deleted jobs in ranges, for requests that refuse
    /// them.</summary>
    public async Task<Outcome<IReadOnlyList<JidRange>>> ResolveNamedAsync(
        Selection? selection,
        Identity by,
        CancellationToken cancel
    )
    {
        if (SelectionCheck.Items(selection, out var invalid) is not { } items)
            return invalid;
        var jobs = new List<JidRange>();
        foreach (var item in items)
        {
            if (item.ItemCase == SelectionItem.ItemOneofCase.Range)
            {
                jobs.Add(item.Range);
                continue;
            }
            var found = await LookUpAsync(item, by, cancel);
            if (found.Count == 0 && NoneFound(item) is { } refusal)
                return refusal;
            jobs.AddRange(found);
        }
        return JidRanges.Distinct(jobs);
    }

    /// <summary>The part of ranges that may have deleted jobs. Of large maps, the index knows the
    /// slices that have none.</summary>
    private async Task<IReadOnlyList<JidRange>> AskedAsync(
        List<JidRange> ranges,
        Identity by,
        CancellationToken cancel
    )
    {
        if (JidRanges.SegmentCount(ranges) <= FewSegments)
            return ranges;
        var slices = new List<MapSlice>();
        foreach (var range in ranges.Where(IsLarge).Take(SelectionCheck.MaxLookUps))
            await _maps.FindAsync(range, MostSlices, by, slices, cancel);
        var live =
            from slice in slices
            where slice.Counts[0] == 0
            select JidRanges.Range(slice.First, slice.Last);
        return JidRanges.Except(ranges, JidRanges.Normalize(live));
    }

    private static bool IsLarge(JidRange range) => range.Last - range.First >= Segments.Size;

    private async Task<IReadOnlyList<JidRange>> LookUpAsync(
        SelectionItem item,
        Identity by,
        CancellationToken cancel
    )
    {
        var found = await index.Ask<SelectionResolved>(
            new ResolveSelection(item, by.IsAdmin ? null : by.User),
            within,
            cancel
        );
        var jobs = new List<JidRange>();
        foreach (var range in found.Ranges)
            if (range.Exact)
                jobs.Add(JidRanges.Range(range.First, range.Last));
            else
                await RefineAsync(item, JidRanges.Range(range.First, range.Last), by, jobs);
        return JidRanges.Normalize(jobs);
    }

    private async Task RefineAsync(
        SelectionItem item,
        JidRange range,
        Identity by,
        List<JidRange> jobs
    )
    {
        await foreach (var read in segments.StatusesAsync([range], by))
        {
            var deleted = JidRanges.Enumerate(read.Deleted).ToHashSet();
            foreach (var run in read.Runs)
                if (Matches(item, run.Status))
                    for (var jid = new Jid(run.First); jid < run.First + run.Count; jid++)
                        if (!deleted.Contains(jid))
                            JidRanges.Append(jobs, jid);
        }
    }

    private static bool Matches(SelectionItem item, Status status) =>
        item.ItemCase switch
        {
            SelectionItem.ItemOneofCase.Status => status == item.Status,
            SelectionItem.ItemOneofCase.Word => item.Word switch
            {
                SelectionWord.Unfinished => !status.IsFinished(),
                SelectionWord.Failed => status.IsBad(),
                _ => true,
            },
            _ => true,
        };

    private static Refusal? NoneFound(SelectionItem item) =>
        item.ItemCase switch
        {
            SelectionItem.ItemOneofCase.Label => Refusals.Of(
                RefusalCode.NotFound,
                $"No job has the label \"{item.Label}\"."
            ),
            SelectionItem.ItemOneofCase.MapOf => Refusals.Unknown(new Jid(item.MapOf)),
            SelectionItem.ItemOneofCase.Word when item.Word == SelectionWord.Last => Refusals.Of(
                RefusalCode.NotFound,
                "There are no jobs yet."
            ),
            _ => null,
        };
}
