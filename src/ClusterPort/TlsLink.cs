using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;
using JobCloud.Protocol.Inbound;

namespace JobCloud.ClusterPort;

/// <summary>Decides about a frame before anything in it is read.</summary>
internal delegate InboundVerdict FrameCheck(ReadOnlySpan<byte> frame);

/// <summary>An authenticated connection to another member. A frame is its length in four bytes,
/// little-endian, and that many bytes.</summary>
internal sealed class TlsLink : AssociationHandle, IThreadPoolWorkItem
{
    private const int HeaderBytes = 4;
    private const int ReadBytes = 16 << 10;

    /// <summary>What Akka.NET adds to the largest message.</summary>
    private const int EnvelopeBytes = 16;

    /// <summary>Bytes that wait to be sent before writes are refused: the caller keeps them and
    /// tries again.</summary>
    private const int WaitingMax = 8 << 20;

    /// <summary>What is handed to Akka.NET before it must have taken all: else a member that sends
    /// faster than this one reads would fill the memory.</summary>
    private const int HandedMessagesMax = 1_000,
        HandedBytesMax = 8 << 20;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>A larger buffer is released once it is empty.</summary>
    private const int KeptBytes = 256 << 10;

    /// <summary>Time in which the other side closes its half after this side closed its
    /// own.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly ClusterTrust _trust;
    private readonly FrameCheck _check;
    private readonly int _frameMax;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _sending = new();
    private bool _isSending;
    private volatile bool _isClosing;

    public TlsLink(
        Address local,
        Address remote,
        Socket socket,
        SslStream tls,
        X509Certificate2 peer,
        ClusterTrust trust,
        FrameCheck check,
        int frameMax
    )
        : base(local, remote)
    {
        (_socket, _tls, Peer, _trust) = (socket, tls, peer, trust);
        Holder = peer.Subject;
        (_check, _frameMax) = (check, frameMax);
        _trust.Add(this);
        ReadHandlerSource.Task.ContinueWith(
            registered => _ = ReadAsync(registered.Result),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default
        );
    }

    /// <summary>Not to be read any more once the connection is closed.</summary>
    public X509Certificate2 Peer { get; }

    /// <summary>Whose certificate the other side has.</summary>
    public string Holder { get; }

    /// <summary>Completes when the connection is closed.</summary>
    public Task Ended => _ended.Task;

    public override bool Write(ByteString payload)
    {
        lock (_gate)
        {
            if (_isClosing || _waiting.WrittenCount > WaitingMax)
                return false;
            var frame = _waiting.GetSpan(HeaderBytes + payload.Length);
            BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
            payload.Span.CopyTo(frame[HeaderBytes..]);
            _waiting.Advance(HeaderBytes + payload.Length);
            if (_isSending)
                return true;
            _isSending = true;
        }
        // Not sent at once: what is written meanwhile is sent with it.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    [Obsolete("Akka.NET calls it.")]
    public override void Disassociate()
    {
        lock (_gate)
        {
            if (_isClosing)
                return;
            _isClosing = true;
            if (!_isSending)
            {
                _isSending = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
        _ = AbortLaterAsync();
    }

    /// <summary>Closes the connection without sending what waits.</summary>
    public void Abort()
    {
        lock (_gate)
            _isClosing = true;
        _socket.Dispose();
        if (!_ended.TrySetResult())
            return;
        _trust.Remove(this);
        _tls.Dispose();
        Peer.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                bool isLast;
                lock (_gate)
                {
                    isLast = _waiting.WrittenCount == 0;
                    if (isLast && !_isClosing)
                    {
                        _isSending = false;
                        return;
                    }
                    (_waiting, _sending) = (_sending, _waiting);
                }
                if (isLast)
                    break;
                await _tls.WriteAsync(_sending.WrittenMemory);
                if (_sending.Capacity > KeptBytes)
                    _sending = new();
                else
                    _sending.ResetWrittenCount();
            }
            await _tls.ShutdownAsync();
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsBroken(e))
        {
            Abort();
        }
    }

    private async Task ReadAsync(IHandleEventListener listener)
    {
        var buffer = new byte[ReadBytes];
        var (start, end) = (0, 0);
        var (messages, bytes) = (0, 0);
        try
        {
            while (true)
            {
                var read = await _tls.ReadAsync(buffer.AsMemory(end));
                if (read == 0)
                    break;
                end += read;
                while (end - start >= HeaderBytes)
                {
                    var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
                    if (length < 0 || length > _frameMax + EnvelopeBytes)
                        throw new InvalidDataException(
                            $"{RemoteAddress} sent a message of {length} bytes; akka.remote.dot-netty.tcp.maximum-frame-size allows {_frameMax}."
                        );
                    if (end - start - HeaderBytes < length)
                        break;
                    if (length > 0 && !_isClosing)
                        Deliver(buffer.AsSpan(start + HeaderBytes, length), listener);
                    start += HeaderBytes + length;
                    (messages, bytes) = (messages + 1, bytes + length);
                    if (messages < HandedMessagesMax && bytes < HandedBytesMax)
                        continue;
                    while (!_isClosing && WaitingIn(listener) > 0)
                        await Task.Delay(LookInterval);
                    (messages, bytes) = (0, 0);
                }
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                // It grows with what has arrived, not with what is announced.
                if (end == buffer.Length)
                    Array.Resize(ref buffer, 2 * buffer.Length);
                else if (end == 0 && buffer.Length > KeptBytes)
                    buffer = new byte[ReadBytes];
            }
        }
        catch (InvalidDataException e)
        {
            _trust.Tell(e.Message);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The other side closed the connection, or it was lost.
        }
        Abort();
        listener.Notify(new Disassociated(DisassociateInfo.Unknown));
    }

    /// <summary>The messages that Akka.NET has not taken yet.</summary>
    private static int WaitingIn(IHandleEventListener listener) =>
        listener is ActorHandleEventListener { Actor: ActorRefWithCell reader }
            ? reader.Underlying.NumberOfMessages
            : 0;

    /// <exception cref="InvalidDataException">The connection must end.</exception>
    private void Deliver(ReadOnlySpan<byte> frame, IHandleEventListener listener)
    {
        var verdict = _check(frame);
        if (verdict.Refusal is null)
        {
            listener.Notify(new InboundPayload(ByteString.CopyFrom(frame)));
            return;
        }
        if (verdict.IsUsual)
            return;
        var sentence = $"Refused from {RemoteAddress} ({Holder}): {verdict.Refusal}.";
        if (verdict.EndsLink)
            throw new InvalidDataException(sentence);
        _trust.Tell(sentence);
    }

    private async Task AbortLaterAsync()
    {
        await Ended.WaitAsync(CloseWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abort();
    }

    private static bool IsBroken(Exception e) =>
        e
            is IOException
                or SocketException
                or AuthenticationException
                or ObjectDisposedException
                or InvalidOperationException;
}
