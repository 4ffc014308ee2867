using System.Threading.Channels;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Lets the node search a stream, and receives what it finds in the background, no faster
/// than the screen takes it.</summary>
internal sealed class SearchPump : IDisposable
{
    private const int MaxWaiting = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<SearchReply?> _waiting = Channel.CreateBounded<SearchReply?>(
        MaxWaiting
    );
    private readonly CancellationTokenSource _life = new();
    private readonly TimeProvider _clock;
    private Refusal? _refusal;

    public SearchPump(ICloud cloud, TimeProvider clock, SearchRequest request)
    {
        _clock = clock;
        _ = RunAsync(cloud, request, _life.Token);
    }

    /// <summary>The reason why it ended early, or null.</summary>
    public Refusal? Refusal => Volatile.Read(ref _refusal);

    /// <summary>Takes a reply; false: none now.</summary>
    /// <param name="reply">Null: the search starts again.</param>
    public bool TryTake(out SearchReply? reply) => _waiting.Reader.TryRead(out reply);

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private async Task RunAsync(ICloud cloud, SearchRequest request, CancellationToken cancel)
    {
        try
        {
            while (await ReadAsync(cloud, request, cancel).ConfigureAwait(false) is { } refusal)
            {
                if (!OutputPump.IsTransient(refusal))
                {
                    Volatile.Write(ref _refusal, refusal);
                    return;
                }
                await Task.Delay(Pause, _clock, cancel).ConfigureAwait(false);
                await _waiting.Writer.WriteAsync(null, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>Reads until the search ends. Returns the refusal that interrupted it, or
    /// null.</summary>
    private async Task<Refusal?> ReadAsync(
        ICloud cloud,
        SearchRequest request,
        CancellationToken cancel
    )
    {
        var answers = cloud.StreamAsync(CloudCalls.Search.With(request), cancel);
        await foreach (var (reply, refusal) in answers.ConfigureAwait(false))
        {
            if (reply is null)
                return refusal;
            await _waiting.Writer.WriteAsync(reply, cancel).ConfigureAwait(false);
        }
        return null;
    }
}
