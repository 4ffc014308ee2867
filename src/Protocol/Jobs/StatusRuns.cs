using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>Run-length encoding of statuses of consecutive jobs.</summary>
public static class StatusRuns
{
    /// <summary>Adds one job and extends the last run if possible.</summary>
    public static void Append(IList<StatusRun> runs, Jid jid, Status status)
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
