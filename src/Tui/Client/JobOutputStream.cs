using System.Threading.Channels;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;

namespace JobCloud.Client;

/// <summary>The output of a job, as it arrives. Dispose of it to end the transfer.</summary>
public sealed class JobOutputStream : Stream
{
    /// <summary>The parts that wait for the reader; a node sends at most 256 KiB in one.</summary>
    private const int PartsMax = 4;

    /// <summary>The sentences that are kept.</summary>
    private const int NotesMax = 100;

    private readonly Channel<ReadOnlyMemory<byte>> _parts = Channel.CreateBounded<
        ReadOnlyMemory<byte>
    >(PartsMax);
    private readonly CancellationTokenSource _ended;
    private readonly Endpoint _endpoint;
    private readonly JobOutput.Position _at = new();
    private readonly Lines _notes = new(NotesMax);
    private readonly Task _copying;
    private ReadOnlyMemory<byte> _rest;
    private int _isDisposed;

    internal JobOutputStream(
        Endpoint endpoint,
        Func<IOutputTarget, JobOutput.Position, TextWriter, CancellationToken, Task> copy,
        CancellationToken cancel
    )
    {
        _endpoint = endpoint;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _copying = Task.Run(() => CopyAsync(copy), CancellationToken.None);
    }

    /// <summary>The bytes before the current position that were asked for and are not
    /// kept.</summary>
    public long MissingBytes => _at.Dropped;

    /// <summary>What is missing and why, in sentences; at most the first 100.</summary>
    public IReadOnlyList<string> Notes => _notes.Read();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what has arrived, at least one byte; 0: the output has ended.</summary>
    /// <exception cref="JobCloudException">The output cannot be read.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (_rest.IsEmpty)
        {
            if (!await _parts.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                return 0;
            if (_parts.Reader.TryRead(out var part))
                _rest = part;
        }
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Does nothing.</summary>
    public override void Flush() { }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    /// <summary>Ends the transfer.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ended.Cancel();
            _copying.ContinueWith(
                _ => _ended.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        }
        base.Dispose(disposing);
    }

    /// <summary>Ends the transfer, and returns when that has ended.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _copying.ConfigureAwait(false);
    }

    private async Task CopyAsync(
        Func<IOutputTarget, JobOutput.Position, TextWriter, CancellationToken, Task> copy
    )
    {
        try
        {
            var cancel = _ended.Token;
            await copy(new Target(_parts.Writer, cancel), _at, _notes, cancel);
            _parts.Writer.Complete();
        }
        catch (Exception failure)
        {
            // The reader gets it.
            _parts.Writer.Complete(
                ErrorTranslation.IsOurs(failure)
                    ? ErrorTranslation.Of(failure, _endpoint, _ended.Token)
                    : failure
            );
        }
    }

    private sealed class Target(ChannelWriter<ReadOnlyMemory<byte>> parts, CancellationToken cancel)
        : IOutputTarget
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) =>
            bytes.IsEmpty ? ValueTask.CompletedTask : parts.WriteAsync(bytes, cancel);
    }

    /// <summary>Keeps the first lines that are written.</summary>
    private sealed class Lines(int max) : TextWriter
    {
        private readonly List<string> _lines = [];

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            lock (_lines)
            {
                if (_lines.Count < max)
                    _lines.Add(value ?? "");
            }
            return Task.CompletedTask;
        }

        public IReadOnlyList<string> Read()
        {
            lock (_lines)
                return [.. _lines];
        }
    }
}
