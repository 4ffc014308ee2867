using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Notices when jobs end, of those that it is shown again and again.</summary>
internal sealed class EndWatch
{
    /// <summary>The number of rows watched; with more, none is.</summary>
    public const int Max = 1_000;

    private static readonly Status[] Open = [Status.Waiting, Status.Queued, Status.Processing];

    private HashSet<long> _open = [];

    /// <summary>The rows that have ended since it was last shown them.</summary>
    public IReadOnlyList<JobRow> Ended(IReadOnlyList<JobRow> rows)
    {
        var (open, ended) = (new HashSet<long>(), new List<JobRow>());
        if (rows.Count <= Max)
            foreach (var row in rows)
                if (Open.Any(status => RowField.Statuses.Has(row, status)))
                    open.Add(row.First);
                else if (_open.Contains(row.First))
                    ended.Add(row);
        _open = open;
        return ended;
    }

    /// <summary>Says what ended, in a line.</summary>
    public static string TextOf(IReadOnlyList<JobRow> ended)
    {
        var failed = ended.Count(HasFailed);
        if (ended.Count > 1)
            return $"{ended.Count} marked jobs ended{(failed > 0 ? $", {failed} of them badly" : "")}.";
        var row = ended[0];
        var jobs = JidNotation.Print(JidRanges.Range(row.First, row.Last));
        if (row.Last > row.First)
            return $"Map {jobs} ended{(failed > 0 ? " with failures" : "")}.";
        var why = ReasonText.For(row.Reason);
        var status = StatusNames.Of(RowField.Statuses.First(row));
        return $"Job {jobs} ended: {status}{(why.Length > 0 ? $", {why}" : "")}.";
    }

    public static bool HasFailed(JobRow row) =>
        RowField.Statuses.Has(row, Status.Error)
        || RowField.Statuses.Has(row, Status.Killed)
        || RowField.Statuses.Has(row, Status.Stalled);
}
