using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using Xunit.Abstractions;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Bounds what a finished job costs on disk.</summary>
public sealed class StateSizeTests(ITestOutputHelper output)
{
    [Fact]
    public void A_finished_job_of_a_map_costs_some_tens_of_bytes_and_a_deleted_one_a_few()
    {
        var story = Full();
        Assert.True(PerJob(story, "finished") < 80);
        story.Change(Change.Delete, 1, Segments.Size - 1);
        Assert.True(PerJob(story, "deleted") < 10);
    }

    private double PerJob(JobStory story, string what)
    {
        var history = new SegmentHistory();
        history.Add(story.Journal);
        var state = story.Segment.Compact();
        history.RemoveDeleted(story.Segment.Deleted());
        var row = CompactedRow.Of(state, history);
        var bytes = (double)row.CalculateSize() / (Segments.Size - 1);
        output.WriteLine(
            $"{what}: {bytes:F1} bytes per job; state {row.StateSize} packed to "
                + $"{row.State.Length}, history {row.HistorySize} to {row.History.Length}"
        );
        return bytes;
    }

    /// <summary>A map whose jobs ran for random times.</summary>
    private static JobStory Full()
    {
        var random = new Random(1);
        var story = new JobStory().Submit(Segments.Size - 1, map: true);
        for (var jid = 1; jid < Segments.Size; jid++)
        {
            story.Assign(jid, $"n{random.Next(4)}");
            var node = story[jid].ActiveNode!;
            story.Report(
                new AttemptReport
                {
                    Jid = jid,
                    Attempt = 1,
                    Started = new AttemptStart
                    {
                        Pid = random.Next(1 << 22),
                        StartedAt = story.Now,
                    },
                },
                node
            );
            story.Report(
                new AttemptReport
                {
                    Jid = jid,
                    Attempt = 1,
                    Ended = new AttemptEnd
                    {
                        Exit = new Exit { StdoutBytes = random.Next(5_000) },
                        Usage = new Usage
                        {
                            CpuUserUs = random.Next(100_000),
                            CpuSystemUs = random.Next(10_000),
                            MemoryMaxBytes = 4096L * random.Next(10_000),
                        },
                        StartedAt = story.Now + random.Next(1_000),
                        EndedAt = story.Now + random.Next(1_000, 500_000),
                    },
                },
                node
            );
        }
        return story;
    }
}
