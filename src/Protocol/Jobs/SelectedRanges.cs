using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>The rule for deleted jobs in a selection: a range skips them, as words, labels,
/// statuses and maps do; a jid named by itself must have a job.</summary>
public static class SelectedRanges
{
    /// <summary>The jids that only ranges of several jids select, sorted and disjoint: those whose
    /// deleted jobs are skipped.</summary>
    public static List<JidRange> Skipping(IReadOnlyList<SelectionItem> items) =>
        JidRanges.Except(
            JidRanges.Normalize(items.Where(IsRange).Select(item => item.Range)),
            JidRanges.Normalize(
                items.Where(item => item.Range is not null && !IsRange(item)).Select(i => i.Range)
            )
        );

    /// <summary>The first range whose jobs were all deleted; null: there is none.</summary>
    /// <param name="deleted">Deleted jobs, sorted and disjoint.</param>
    public static Refusal? OfDeleted(
        IReadOnlyList<SelectionItem> items,
        IReadOnlyList<JidRange> deleted
    )
    {
        foreach (var item in items)
            if (IsRange(item) && JidRanges.Except([item.Range], deleted).Count == 0)
                return Refusals.Deleted(item.Range);
        return null;
    }

    private static bool IsRange(SelectionItem item) =>
        item.Range is { } range && range.First < range.Last;
}
