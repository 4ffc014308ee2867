using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Cuts what is read from the executor's socket into messages.</summary>
public sealed class FrameBuffer
{
    private const int Size = 64 * 1024;

    private byte[] buffer = new byte[Size];
    private int used;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Space()
    {
        if (used == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        return buffer.AsMemory(used);
    }

    /// <summary>The messages that <paramref name="read"/> more bytes have made whole.</summary>
    /// <exception cref="InvalidDataException">The bytes are no messages.</exception>
    public IReadOnlyList<FromExecutor> Take(int read)
    {
        used += read;
        var messages = new List<FromExecutor>();
        var from = 0;
        while (true)
        {
            var rest = buffer.AsSpan(from, used - from);
            var status = Frames.Read(rest, Frames.MaxBytes, out var at, out var length);
            if (status == FrameStatus.Incomplete)
                break;
            if (
                status == FrameStatus.Malformed
                || !Frames.TryParse(FromExecutor.Parser, rest.Slice(at, length), out var message)
            )
                throw new InvalidDataException("The executor sent what is no message.");
            messages.Add(message);
            from += at + length;
        }
        buffer.AsSpan(from, used - from).CopyTo(buffer);
        used -= from;
        if (used == 0 && buffer.Length > Size)
            buffer = new byte[Size];
        return messages;
    }
}
