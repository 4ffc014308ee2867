using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class RunningJobsTests
{
    [Property]
    public bool A_node_runs_the_processing_jobs_whose_rows_name_it(
        List<(byte Jid, byte Kind, byte Node)> changes,
        byte limit
    )
    {
        var (running, rows) = (new RunningJobs(), new Dictionary<long, JobRow>());
        foreach (var (jid, kind, node) in changes)
        {
            var after = kind % 8 == 0 ? null : Samples.Job(jid % 20, (Status)(kind % 8));
            if (after is { Node.Length: > 0 })
                after.Node = $"n{node % 2}";
            running.Change(rows.GetValueOrDefault(jid % 20), after);
            if (after is null)
                rows.Remove(jid % 20);
            else
                rows[jid % 20] = after;
        }
        return new[] { "n0", "n1", "n2" }.All(node =>
            running
                .On(node, limit % 6)
                .SequenceEqual(
                    rows.Values.Where(row => row.Node == node)
                        .Where(row => row.Status == Status.Processing)
                        .Select(row => row.First)
                        .Order()
                        .Take(limit % 6)
                )
        );
    }
}
