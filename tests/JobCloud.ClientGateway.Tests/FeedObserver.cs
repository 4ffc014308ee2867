using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.ClientGateway.Tests;

/// <summary>Applies the updates of a cloud, as screens do.</summary>
internal sealed class FeedObserver(ICloud cloud)
{
    public FeedSnapshot Picture { get; } = new();
    public List<JobEvent> Events { get; } = [];
    public Dictionary<long, Usage> Usages { get; } = [];
    public int Fulls { get; private set; }

    public async Task SeesAsync(
        Func<FeedSnapshot, bool> what,
        string named,
        TimeSpan? within = null
    )
    {
        await Eventually.HoldsAsync(
            () =>
            {
                while (cloud.Feed.TryRead(out var news))
                    Fold(news);
                return what(Picture);
            },
            $"{named} ({cloud.Link})",
            within
        );
    }

    public Task IsAsync(LinkState state, TimeSpan? within = null) =>
        SeesAsync(_ => cloud.Link.State == state, $"the cloud is {state}", within);

    public async Task<long> SubmitAsync(string command, int count = 1)
    {
        var reply = await cloud.AskAsync(
            CloudCalls.Submit.With(
                new()
                {
                    Spec = new JobSpec
                    {
                        Command = command,
                        Cores = 1,
                        MemoryBytes = 4 << 20,
                    },
                    Count = count,
                    IsMap = count > 1,
                }
            ),
            CancellationToken.None
        );
        Assert.True(reply.Message is not null, reply.ToString());
        return reply.Message!.First;
    }

    private void Fold(FeedNews news)
    {
        Fulls += news.Full ? 1 : 0;
        Picture.Apply(news);
        Events.AddRange(news.Events);
        foreach (var usage in news.Usages)
            Usages[usage.Jid] = usage.Usage;
    }
}
