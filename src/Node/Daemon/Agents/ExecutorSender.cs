using System.Net.Sockets;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Sends the agent's messages over one connection to its executor. Messages gather until
/// they are flushed, or while an earlier write waits for the executor; then one write takes all.
/// The caller of the flush writes itself, so that no other thread has to wake up.</summary>
internal sealed class ExecutorSender(Socket socket, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _broken = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private FrameWriteBuffer _gathered = new();
    private FrameWriteBuffer _written = new();
    private bool _isWriting;

    /// <summary>Fails when the connection breaks, and never completes otherwise.</summary>
    public Task Broken => _broken.Task;

    public void Add(ToExecutor message)
    {
        lock (_gate)
            _gathered.Add(message);
    }

    /// <summary>Sends what was added. Never waits for the executor.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isWriting || _gathered.Count == 0)
                return;
            _isWriting = true;
        }
        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakeGathered())
            while (_written.Count > 0)
                _written.Written(
                    await socket.SendAsync(_written.Pending, stop).ConfigureAwait(false)
                );
        }
        catch (Exception e)
            when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            _broken.TrySetException(e);
            // The other direction may have broken first, and nobody waits any more.
            _ = _broken.Task.Exception;
        }
    }

    /// <summary>Returns false, and ends the writing, if nothing has gathered.</summary>
    private bool TakeGathered()
    {
        lock (_gate)
        {
            if (_gathered.Count == 0)
                return _isWriting = false;
            (_gathered, _written) = (_written, _gathered);
            return true;
        }
    }
}
