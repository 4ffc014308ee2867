using System.Threading.Channels;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Outputs;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.FullScreen.Tests.Cloud;

/// <summary>A cloud with scripted answers that records the requests.</summary>
internal sealed class ScriptedCloud : ICloud
{
    private readonly Channel<FeedNews> _news = Channel.CreateUnbounded<FeedNews>();

    public List<IMessage> Requests { get; } = [];

    /// <summary>Answers or refuses requests; refuses all by default.</summary>
    public Func<IMessage, IMessage> Answer { get; set; } = _ => Unscripted;

    public static Refusal Unscripted { get; } = new() { Message = "nothing is scripted" };

    public Func<OutputRequest, IEnumerable<OutputChunk>> Output { get; set; } = _ => [];

    /// <summary>Whether searches of the output are answered.</summary>
    public bool Searches { get; set; } = true;

    public Func<EventsRequest, IEnumerable<EventsReply>> Events { get; set; } = _ => [];
    public Func<FilesRequest, IEnumerable<FilesReply>> Files { get; set; } = _ => [];
    public ChannelReader<FeedNews> Feed => _news.Reader;

    /// <summary>The jobs whose usage is subscribed to.</summary>
    public IReadOnlyList<long> Visible { get; private set; } = [];

    public Link Link { get; set; } = new(LinkState.Live, "n1", DateTimeOffset.UnixEpoch, "");

    public bool CanStartNode { get; set; } = true;

    /// <summary>How often the node was to be started.</summary>
    public int Starts { get; private set; }

    public void StartNode() => Starts++;

    public void SetVisible(IReadOnlyList<long> visible) => Visible = visible;

    public void Push(FeedNews news) => _news.Writer.TryWrite(news);

    /// <summary>The only request.</summary>
    public T Single<T>()
        where T : IMessage => Assert.IsType<T>(Assert.Single(Requests));

    public Task<CallResult<T>> AskAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        Requests.Add(request.Message);
        var answer = Answer(request.Message);
        return Task.FromResult(
            answer is T reply
                ? new CallResult<T>(reply, null)
                : new CallResult<T>(null, answer as Refusal ?? Unscripted)
        );
    }

    public IAsyncEnumerable<CallResult<T>> StreamAsync<T>(
        CallRequest<T> request,
        CancellationToken cancel
    )
        where T : class, IMessage<T>
    {
        var replies = request.Message switch
        {
            OutputRequest output => (IEnumerable<object>)Output(output),
            EventsRequest events => Events(events),
            SearchRequest search => Searches ? Search(search) : [],
            FilesRequest files => Files(files),
            _ => [],
        };
        return replies.Select(reply => new CallResult<T>((T)reply, null)).ToAsyncEnumerable();
    }

    // Searches the output in the way of a node.
    private IEnumerable<SearchReply> Search(SearchRequest request)
    {
        var pattern = LinePattern.Parse(request.Pattern, request.Regex).Value!;
        var search = new LineSearch(pattern, 0);
        var reply = new SearchReply();
        foreach (var chunk in Output(request.Output))
        {
            reply.Attempt = Math.Max(reply.Attempt, chunk.Attempt);
            search.Add(chunk.Data.Memory, Add);
        }
        search.Finish(Add);
        (reply.Count, reply.Searched, reply.End) = (search.Count, search.Searched, true);
        return [reply];

        void Add(MatchingLine match) =>
            reply.Matches.Add(
                new SearchMatch
                {
                    Line = match.Line,
                    Offset = match.Offset,
                    Text = request.Texts ? ByteString.CopyFrom(match.Text.Span) : ByteString.Empty,
                }
            );
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
