using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model.Forecasts;

/// <summary>A forecast with what is known of the jobs in its bars.</summary>
/// <param name="rows">The rows of running jobs, as far as they are known.</param>
internal sealed class KnownForecast(ForecastReply reply, IEnumerable<JobRow> rows)
{
    private readonly Dictionary<long, JobRow> _rows = rows.ToDictionary(row => row.First);

    public ForecastReply Reply { get; } = reply;

    /// <summary>The queued submissions by expected start; those without one last.</summary>
    public IReadOnlyList<ForecastJobs> Queued { get; } =
    [
        .. reply
            .Jobs.OrderBy(jobs => jobs.StartsFrom == 0)
            .ThenBy(jobs => jobs.StartsFrom)
            .ThenBy(jobs => jobs.First),
    ];

    /// <summary>The queued submission that the jobs of a bar are of; null: none of it is
    /// queued.</summary>
    public ForecastJobs? QueuedOf(ForecastBar bar)
    {
        var (low, high) = (0, Reply.Jobs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Reply.Jobs[middle].Last < bar.First)
                low = middle + 1;
            else
                high = middle;
        }
        var jobs = low < Reply.Jobs.Count ? Reply.Jobs[low] : null;
        return jobs is not null && bar.First > 0 && jobs.First <= bar.First ? jobs : null;
    }

    /// <summary>The label of the jobs of a bar, else their command; empty: not known.</summary>
    public string NameOf(ForecastBar bar)
    {
        if (QueuedOf(bar) is { } jobs)
            return jobs.Label.Length > 0 ? jobs.Label : jobs.Command;
        return _rows.GetValueOrDefault(bar.First) is not { } row ? ""
            : row.Label.Length > 0 ? row.Label
            : row.Command;
    }

    /// <summary>Whether a bar has elements of a map.</summary>
    public bool IsOfMap(ForecastBar bar) =>
        bar.First < bar.Last
        && (_rows.GetValueOrDefault(bar.First) is not { } row || row.First < row.Last);
}
