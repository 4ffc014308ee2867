using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Jobs;

/// <summary>Statuses of consecutive jobs, run-length coded.</summary>
public static class StatusRuns
{
    /// <summary>Adds one job; it extends the last run where it can.</summary>
    public static void Append(IList<StatusRun> runs, long jid, Status status)
    {
        if (
            runs.Count > 0
            && runs[^1] is var last
            && last.Status == status
            && last.First + last.Count == jid
        )
            last.Count++;
        else
            runs.Add(
                new StatusRun
                {
                    First = jid,
                    Count = 1,
                    Status = status,
                }
            );
    }
}
