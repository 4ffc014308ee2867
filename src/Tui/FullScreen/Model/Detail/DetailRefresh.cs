using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>What of a job is to be asked at the moment.</summary>
internal enum Refreshed
{
    Nothing,

    /// <summary>What changes by itself while it is processing.</summary>
    Usage,
    Everything,
}

/// <summary>Asks no more than is needed: all when the job changed, its usage once a second while it
/// is processing, else nothing.</summary>
internal static class DetailRefresh
{
    private const InfoNeed Live =
        InfoNeed.Core | InfoNeed.Usage | InfoNeed.Ports | InfoNeed.Timeline | InfoNeed.Waiting;

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Every item of the catalogue.</summary>
    public static IReadOnlyList<string> AllItems { get; } =
    [.. InfoCatalog.All.Select(i => i.Name)];

    /// <summary>Those that are worth asking for each second.</summary>
    public static IReadOnlyList<string> LiveItems { get; } =
    [.. InfoCatalog.All.Where(i => (i.Need & Live) == i.Need).Select(i => i.Name)];

    /// <param name="job">What is known; null: nothing yet.</param>
    /// <param name="isStale">News came about it since.</param>
    /// <param name="since">How long ago it was asked for.</param>
    public static Refreshed Due(JobDetail? job, bool isStale, TimeSpan since) =>
        job is null
            ? since >= Pause
                ? Refreshed.Everything
                : Refreshed.Nothing
            : isStale
                ? Refreshed.Everything
                : job.Status == Status.Processing && since >= Pause
                    ? Refreshed.Usage
                    : Refreshed.Nothing;

    /// <summary>What is newly known, with what was not asked for kept.</summary>
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
        merged.Absent.Add(known.Absent.Where(a => !LiveItems.Contains(a.Item)));
        merged.Partial.Add(known.Partial.Where(a => !LiveItems.Contains(a.Item)));
        return merged;
    }
}
