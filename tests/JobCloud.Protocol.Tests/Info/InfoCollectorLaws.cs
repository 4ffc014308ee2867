using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Tests.Info;

public sealed class InfoCollectorLaws
{
    private static readonly InfoCollectorLimits Limits = new(
        Nodes: 3,
        Questions: 4,
        HeldBytes: 100
    );

    [Property]
    public void All_jobs_come_in_order_with_their_own_answers(byte[] nodes, byte[] sizes)
    {
        var jids = Enumerable.Range(1, nodes.Length).Select(jid => (long)jid);
        var taken = new List<JobDetail>();
        var gathering = Gathering(nodes, InfoNeed.Stdout | InfoNeed.Stderr | InfoNeed.Usage);
        for (var round = 0; ; round++)
        {
            taken.AddRange(gathering.TakeComplete());
            if (gathering.IsDone)
                break;
            var asked = gathering.Next();
            Assert.InRange(asked.Count, 1, Limits.Nodes);
            foreach (var read in asked)
            {
                Assert.InRange(read.Questions.Count, 1, Limits.Questions);
                var count = 1 + (sizes.Length == 0 ? 0 : sizes[round % sizes.Length] % 4);
                gathering.Answer(read.Node, read.Questions.Take(count).Select(AnswerOf));
            }
        }
        Assert.Equal(jids, taken.Select(job => job.Jid));
        Assert.All(
            taken,
            job =>
                Assert.Equal(
                    ($"{job.Jid} Stdout", $"{job.Jid} Stderr", job.Jid),
                    (job.Stdout, job.Stderr, job.Usage.MemoryBytes)
                )
        );
    }

    [Property]
    public void Above_the_limit_only_the_node_of_the_first_incomplete_job_is_queried(byte[] nodes)
    {
        var gathering = Gathering([0, 1, .. nodes], InfoNeed.Stdout);
        while (gathering.Next().FirstOrDefault(read => read.Node == "n1") is { } other)
        {
            gathering.Answer("n1", other.Questions.Select(AnswerOf));
            Assert.Empty(gathering.TakeComplete());
        }
        Assert.Equal("n0", gathering.Next()[0].Node);
        gathering.Answer("n0", gathering.Next()[0].Questions.Take(1).Select(AnswerOf));
        Assert.NotEmpty(gathering.TakeComplete());
    }

    [Fact]
    public void Short_items_are_asked_before_outputs()
    {
        var all = InfoNeed.Stdout | InfoNeed.Usage | InfoNeed.Ports | InfoNeed.Terminals;
        var asked = Gathering([0, 0], all).Next().Single().Questions;
        Assert.Equal(
            [AttemptItem.Usage, AttemptItem.Usage, AttemptItem.Ports, AttemptItem.Ports],
            asked.Select(question => question.Item)
        );
    }

    [Fact]
    public void A_job_that_never_ran_is_complete_at_once()
    {
        List<JobDetail> jobs = [new() { Jid = 7, Status = Status.Queued }];
        var gathering = new InfoCollector(jobs, InfoNeed.Stdout | InfoNeed.Usage, Limits);
        Assert.Equal(7, Assert.Single(gathering.TakeComplete()).Jid);
        Assert.True(gathering.IsDone);
        Assert.Empty(jobs);
    }

    private static InfoCollector Gathering(byte[] nodes, InfoNeed needs) =>
        new(
            [
                .. nodes.Select(
                    (node, at) =>
                        new JobDetail
                        {
                            Jid = at + 1,
                            Attempt = 1,
                            Status = Status.Processing,
                            Node = $"n{node % 5}",
                        }
                ),
            ],
            needs,
            Limits
        );

    private static AttemptAnswer AnswerOf(AttemptQuestion question) =>
        question.Item == AttemptItem.Usage
            ? new() { Usage = new Usage { MemoryBytes = question.Jid } }
            : new()
            {
                Output = new OutputEnd
                {
                    Data = ByteString.CopyFromUtf8($"{question.Jid} {question.Stream}"),
                },
            };
}
