using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>Bounds what one selection of jobs costs, before anything is looked up.</summary>
public static class SelectionCheck
{
    /// <summary>Maximum number of items, such as ranges.</summary>
    public const int MaxItems = 100_000;

    /// <summary>Maximum number of different items that the index looks up: each is a
    /// query.</summary>
    public const int MaxLookUps = 100;

    /// <summary>Maximum number of separate ranges of jids that a submission depends on.</summary>
    public const int MaxDependencyRanges = 10_000;

    /// <summary>The items of a selection, each word, label, status and map once.</summary>
    /// <returns>Null with the reason to refuse the selection.</returns>
    public static IReadOnlyList<SelectionItem>? Items(Selection? selection, out Refusal refusal)
    {
        refusal = null!;
        if (selection is null || selection.Items.Count == 0)
            return Refuse("No jobs specified; give jids such as 3,7,10-19.", out refusal);
        if (selection.Items.Count > MaxItems)
            return Refuse(
                $"The selection has {selection.Items.Count} items, and at most {MaxItems} are "
                    + "allowed; write consecutive jids as ranges such as 10-19, or split the request.",
                out refusal
            );
        var items = new List<SelectionItem>(selection.Items.Count);
        var lookUps = new HashSet<SelectionItem>();
        foreach (var item in selection.Items)
            if (item.ItemCase != SelectionItem.ItemOneofCase.Range)
            {
                if (lookUps.Add(item))
                    items.Add(item);
            }
            else if (item.Range.First < 1 || item.Range.Last < item.Range.First)
                return Refuse(
                    $"{item.Range.First} to {item.Range.Last} is not a range of jids; give jids such as 3,7,10-19.",
                    out refusal
                );
            else
                items.Add(item);
        return lookUps.Count <= MaxLookUps
            ? items
            : Refuse(
                $"The selection has {lookUps.Count} words, labels, statuses and maps, and at most {MaxLookUps} are allowed; split the request.",
                out refusal
            );
    }

    /// <summary>The reason to refuse sorted, disjoint dependencies: each slice of the submission
    /// records them.</summary>
    public static Refusal? OfDependencies(IReadOnlyList<JidRange> jobs) =>
        jobs.Count <= MaxDependencyRanges
            ? null
            : Refusals.Of(
                RefusalCode.Usage,
                $"A submission can depend on at most {MaxDependencyRanges} separate ranges of jids (got {jobs.Count})."
            );

    /// <summary>The refusal of a request that would follow too many segments.</summary>
    public static Refusal TooManyToFollow(int segments) =>
        Refusals.Of(
            RefusalCode.TooLarge,
            $"One request can wait for the jobs of at most {segments} segments of {Segments.Size} jids (jobcloud.gateway.segments-followed-max); split it."
        );

    /// <summary>The refusal of a request whose user follows too many segments already.</summary>
    public static Refusal TooManyFollowed() =>
        Refusals.Of(
            RefusalCode.Busy,
            "Your other requests already wait for too many jobs (jobcloud.gateway.segments-followed-max); try again when some of them have ended."
        );

    /// <summary>The refusal of a reply that would not fit one message.</summary>
    public static Refusal TooLargeReply(int bytes) =>
        Refusals.Of(
            RefusalCode.TooLarge,
            $"The reply would be larger than {bytes} bytes (jobcloud.gateway.max-message-size); request fewer jobs at a time."
        );

    private static IReadOnlyList<SelectionItem>? Refuse(string why, out Refusal refusal)
    {
        refusal = Refusals.Of(RefusalCode.Usage, why);
        return null;
    }
}
