using FsCheck.Xunit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Agents;

public sealed class FrameBufferLaws
{
    [Property]
    public void Messages_come_out_as_they_went_in_wherever_the_stream_is_cut(byte[] sizes, byte cut)
    {
        var sent = sizes.Select(Message).ToArray();
        var stream = sent.SelectMany(Frame).ToArray();
        var buffer = new FrameBuffer();
        var got = new List<FromExecutor>();
        foreach (var piece in stream.Chunk(cut * 300 + 1))
            for (var at = 0; at < piece.Length; )
            {
                var space = buffer.Space().Span;
                var count = Math.Min(space.Length, piece.Length - at);
                piece.AsSpan(at, count).CopyTo(space);
                got.AddRange(buffer.Take(count));
                at += count;
            }
        Assert.Equal(sent, got);
    }

    [Fact]
    public void What_is_no_message_is_refused()
    {
        var buffer = new FrameBuffer();
        new byte[] { 3, 255, 255, 255 }.CopyTo(buffer.Space());
        Assert.Throws<InvalidDataException>(() => buffer.Take(4));
    }

    private static FromExecutor Message(byte size) =>
        new() { Inventory = new() { Limits = new string('x', size * 900) } };

    private static byte[] Frame(FromExecutor message)
    {
        var frame = new byte[Frames.SizeOf(message)];
        Frames.Write(message, frame);
        return frame;
    }
}
