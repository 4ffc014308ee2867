using System.Threading.Channels;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.FullScreen.Tests.Cloud;

/// <summary>A cloud that says what a test has it say, and remembers what it was asked.</summary>
internal sealed class ScriptedCloud : ICloud
{
    private readonly Channel<FeedNews> _news = Channel.CreateUnbounded<FeedNews>();

    public List<Request> Asked { get; } = [];

    /// <summary>Answers requests; by default all are refused.</summary>
    public Func<Request, Reply> Answer { get; set; } =
        _ => new Reply { Refusal = new Refusal { Message = "nothing is scripted" } };

    public Func<OutputRequest, IEnumerable<OutputChunk>> Output { get; set; } = _ => [];
    public Func<EventsRequest, IEnumerable<EventsReply>> Events { get; set; } = _ => [];
    public ChannelReader<FeedNews> News => _news.Reader;

    /// <summary>Whose usage is wanted now.</summary>
    public IReadOnlyList<long> Looked { get; private set; } = [];

    public Link Link { get; set; } = new(LinkState.Live, "n1", DateTimeOffset.UnixEpoch, "");

    public void Look(IReadOnlyList<long> visible) => Looked = visible;

    public void Push(FeedNews news) => _news.Writer.TryWrite(news);

    public Task<Reply> AskAsync(Request request, CancellationToken cancel)
    {
        Asked.Add(request);
        return Task.FromResult(Answer(request));
    }

    public IAsyncEnumerable<Heard<OutputChunk>> OutputAsync(
        OutputRequest request,
        CancellationToken cancel
    ) => Output(request).Select(c => new Heard<OutputChunk>(c, null)).ToAsyncEnumerable();

    public IAsyncEnumerable<Heard<EventsReply>> EventsAsync(
        EventsRequest request,
        CancellationToken cancel
    ) => Events(request).Select(c => new Heard<EventsReply>(c, null)).ToAsyncEnumerable();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
