using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Reads a stream of a job in the background while it is shown. If the screen is too slow,
/// the oldest chunks are dropped, so that it never falls behind.</summary>
/// <param name="isLossless">The node waits instead: nothing is dropped.</param>
internal sealed class OutputPump(
    ICloud cloud,
    TimeProvider clock,
    OutputRequest request,
    bool isLossless = false
) : IDisposable
{
    /// <summary>The maximum number of buffered bytes.</summary>
    public const int MaxBufferedBytes = 4 << 20;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _life = new();
    private readonly Lock _lock = new();
    private readonly Queue<OutputChunk> _waiting = new();
    private OutputRequest _next = request;
    private long _bytes;
    private Refusal? _refusal;

    /// <summary>The reason why it ended early, or null.</summary>
    public Refusal? Refusal => Volatile.Read(ref _refusal);

    public OutputPump Begin()
    {
        _ = RunAsync();
        return this;
    }

    /// <summary>The next chunk; null: none now.</summary>
    public OutputChunk? Take()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var chunk))
                return null;
            _bytes -= chunk.Data.Length;
            return chunk;
        }
    }

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private async Task RunAsync()
    {
        var cancel = _life.Token;
        try
        {
            while (await ReadAsync(cancel).ConfigureAwait(false) is { } refusal)
            {
                if (!IsTransient(refusal))
                {
                    Volatile.Write(ref _refusal, refusal);
                    return;
                }
                await Task.Delay(Pause, clock, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>Reads until the stream ends. Returns the refusal that interrupted it, or null at
    /// the end.</summary>
    private async Task<Refusal?> ReadAsync(CancellationToken cancel)
    {
        var answers = cloud.StreamAsync(CloudCalls.Output.With(_next), cancel);
        await foreach (var (chunk, refusal) in answers.ConfigureAwait(false))
        {
            if (chunk is null)
                return refusal;
            while (isLossless && Buffered > MaxBufferedBytes / 2)
                await Task.Delay(Moment, cancel).ConfigureAwait(false);
            Put(chunk);
            if (chunk.End)
                return null;
            _next = _next.Clone();
            (_next.Attempt, _next.Offset) = (chunk.Attempt, chunk.Offset + chunk.Data.Length);
            (_next.TailLines, _next.Since) = (0, 0);
        }
        return null;
    }

    private long Buffered
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    private void Put(OutputChunk chunk)
    {
        lock (_lock)
        {
            _waiting.Enqueue(chunk);
            _bytes += chunk.Data.Length;
            while (_bytes > MaxBufferedBytes && _waiting.Count > 1)
                _bytes -= _waiting.Dequeue().Data.Length;
        }
    }

    /// <summary>Whether the node is busy or unreachable, so that a retry can succeed.</summary>
    public static bool IsTransient(Refusal refusal) =>
        refusal.Code is RefusalCode.Busy or RefusalCode.Timeout or RefusalCode.StoreUnavailable;
}
