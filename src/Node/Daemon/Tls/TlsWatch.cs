using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Follows the deny list and the certificate files while the node runs.</summary>
internal sealed class TlsWatch : IAsyncDisposable
{
    private readonly NodeTls _tls;
    private readonly DenialStore _denials;
    private readonly TlsFileWatch _files;
    private readonly string _node;
    private readonly NodeLog _log;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _reading = new(1);
    private Action<string> _denied = static _ => { };
    private IActorRef _members = ActorRefs.Nobody;
    private Task _watching = Task.CompletedTask;

    public TlsWatch(
        NodeTls tls,
        DenialStore denials,
        TlsFileWatch files,
        string node,
        NodeLog log,
        TimeProvider clock
    )
    {
        (_tls, _denials, _files) = (tls, denials, files);
        (_node, _log, _clock) = (node, log, clock);
    }

    /// <summary>Follows both from now on.</summary>
    /// <param name="members">Removes denied nodes from the cluster.</param>
    /// <param name="denied">Called with the reason once this node itself is denied.</param>
    public void Start(TimeSpan interval, IActorRef members, Action<string> denied)
    {
        (_members, _denied) = (members, denied);
        members.Tell(_tls.Denied);
        _watching = WatchAsync(interval);
    }

    /// <summary>Reads the deny list and follows it at once.</summary>
    /// <exception cref="DbException">The store is unavailable.</exception>
    public async Task ReadDenialsAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            var denied = new DenyList(await _denials.AllAsync(cancel));
            _tls.Use(denied);
            _members.Tell(denied);
        }
        finally
        {
            _reading.Release();
        }
        if (_tls.DenialOf(_node) is { Length: > 0 } reason)
            _denied(reason);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
        _reading.Dispose();
    }

    private async Task WatchAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                _files.Check(_clock.GetUtcNow());
                await TryReadDenialsAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The node is stopping.
        }
    }

    private async Task TryReadDenialsAsync()
    {
        try
        {
            await ReadDenialsAsync(_end.Token);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            _log.Write(LogLevel.Warning, "tls", $"The deny list cannot be read: {e.Message}");
        }
    }
}
