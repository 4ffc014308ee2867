using System.Buffers;
using JobCloud.Protocol.PublicJson;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Reads a body part by part. A client that sends too slowly is cut off.</summary>
internal sealed class BodyParts(HttpContext http) : IDisposable
{
    /// <summary>The least that must arrive in <see cref="Grace"/>.</summary>
    private const int LeastBytes = 40 << 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _slow =
        CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
    private byte[] _part = [];
    private bool _isEnded;

    /// <summary>Why the parts ended early; null: they have not.</summary>
    public HttpError? Error { get; private set; }

    /// <summary>Reads the next part, which stays as it is until the next call; empty: there is no
    /// more.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync()
    {
        if (_isEnded)
            return default;
        try
        {
            // The time left grows with each part that arrives.
            _slow.CancelAfter(Grace);
            var read = await http.Request.BodyReader.ReadAtLeastAsync(LeastBytes, _slow.Token);
            _isEnded = read.IsCompleted;
            return Take(read.Buffer);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            _isEnded = true;
            Error = HttpError.Of(
                StatusCodes.Status408RequestTimeout,
                ErrorKinds.Timeout,
                "The body arrives too slowly."
            );
            return default;
        }
    }

    private ReadOnlyMemory<byte> Take(ReadOnlySequence<byte> read)
    {
        var length = (int)read.Length;
        if (_part.Length < length)
            _part = new byte[length];
        read.CopyTo(_part);
        http.Request.BodyReader.AdvanceTo(read.End);
        return _part.AsMemory(0, length);
    }

    public void Dispose() => _slow.Dispose();
}
