using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The details of a job to request now.</summary>
internal enum RefreshScope
{
    Nothing,

    /// <summary>The items that change while the job is processing.</summary>
    Usage,
    Everything,
}

/// <summary>Decides what to request: everything when the job changed, its usage once per second
/// while it is processing, else nothing.</summary>
internal static class DetailRefresh
{
    private const InfoNeed Live =
        InfoNeed.Core | InfoNeed.Usage | InfoNeed.Ports | InfoNeed.Timeline | InfoNeed.Waiting;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>All items of the catalogue.</summary>
    public static IReadOnlyList<string> AllItems { get; } =
    [.. InfoCatalog.All.Select(i => i.Name)];

    /// <summary>The items to request every second.</summary>
    public static IReadOnlyList<string> LiveItems { get; } =
    [.. InfoCatalog.All.Where(i => (i.Need & Live) == i.Need).Select(i => i.Name)];

    /// <param name="job">The known details; null: none yet.</param>
    /// <param name="isStale">Whether the job has changed since.</param>
    /// <param name="since">The time since the last request.</param>
    public static RefreshScope Due(JobDetail? job, bool isStale, TimeSpan since) =>
        job is null
            ? since >= Pause
                ? RefreshScope.Everything
                : RefreshScope.Nothing
            : isStale
                ? RefreshScope.Everything
                : job.Status == Status.Processing && since >= Pause
                    ? RefreshScope.Usage
                    : RefreshScope.Nothing;

    /// <summary>The new details, with the items that were not requested kept.</summary>
    public static JobDetail Merge(JobDetail known, JobDetail live)
    {
        if (known.Attempt != live.Attempt)
            return live;
        var merged = live.Clone();
        (merged.Stdout, merged.Stderr, merged.Logging) = (
            known.Stdout,
            known.Stderr,
            known.Logging
        );
        (merged.Syslog, merged.Pilog, merged.Profile) = (known.Syslog, known.Pilog, known.Profile);
        merged.Exception = known.Exception;
        merged.Absent.Add(known.Absent.Where(a => !LiveItems.Contains(a.Item)));
        merged.Partial.Add(known.Partial.Where(a => !LiveItems.Contains(a.Item)));
        return merged;
    }
}
