using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.ClientGateway;

public sealed class FeedPollerTests : SegmentsTest
{
    private readonly List<ReadAttempts> _requests = [];
    private bool _isSilent;

    [Fact]
    public async Task Usage_is_requested_only_for_processing_jobs()
    {
        Begin(1);
        Ask(Submit(2));
        Assert.Equal([1], await UsageAsync(9, 1, 2, 3, 1024));
        Assert.Equal(1, Assert.Single(Assert.Single(_requests).Questions).Jid);
    }

    [Fact]
    public async Task The_number_of_jobs_per_client_is_limited()
    {
        Begin(1);
        Begin(2);
        Assert.Equal([1], await UsageAsync(1, 1, 2));
    }

    [Fact]
    public async Task Usage_of_another_users_job_is_not_read()
    {
        Begin(1, owner: "bob");
        Assert.Empty(await UsageAsync(9, 1));
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Nodes_are_read_from_the_scheduler()
    {
        var nodes = await LooksOf(visibleMost: 1).NodesAsync();
        Assert.Equal("n1", Assert.Single(nodes.All!).Name);
    }

    [Fact]
    public async Task A_scheduler_that_does_not_answer_yields_no_list_of_nodes()
    {
        _isSilent = true;
        Assert.Null((await LooksOf(visibleMost: 1).NodesAsync()).All);
    }

    private async Task<IEnumerable<long>> UsageAsync(int visibleMost, params long[] jids)
    {
        var seen = await LooksOf(visibleMost).UsageAsync(TestActor, jids, Ann);
        Assert.Equal(TestActor, seen.Client);
        Assert.All(seen.Usages, usage => Assert.Equal(77, usage.Usage.MemoryBytes));
        return seen.Usages.Select(usage => usage.Jid);
    }

    private FeedPoller LooksOf(int visibleMost)
    {
        var cloud = Sys.ActorOf(ScriptedActor.Of(Answer));
        return new(
            new NodesHandler(cloud, _isSilent ? TimeSpan.FromMilliseconds(1) : Limit),
            Client,
            new AttemptDetailClient(cloud, stored: null, Limit),
            visibleMost
        );
    }

    private object? Answer(object question)
    {
        if (_isSilent)
            return null;
        if (question is SchedulerNodes)
            return new NodesReply { Nodes = { new NodeView { Name = "n1" } } };
        var read = (ReadAttempts)question;
        _requests.Add(read);
        return new AttemptsRead
        {
            Answers =
            {
                read.Questions.Select(_ => new AttemptAnswer
                {
                    Usage = new Usage { MemoryBytes = 77 },
                }),
            },
        };
    }
}
