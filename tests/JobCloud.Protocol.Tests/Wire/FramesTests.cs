using FsCheck.Xunit;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Tests.Wire;

public sealed class FramesTests
{
    [Property]
    public void Messages_round_trip_through_any_split_of_the_stream(int[] sizes, byte[] cuts)
    {
        var outbox = new FrameWriteBuffer();
        var sent = sizes.Select(size => Message(Math.Abs((long)size) % 100_000)).ToList();
        sent.ForEach(outbox.Add);

        var inbox = new FrameReadBuffer();
        var received = new List<ToExecutor>();
        for (var i = 0; outbox.Count > 0; i++)
        {
            var cut = cuts.Length == 0 ? outbox.Count : 1 + 257 * cuts[i % cuts.Length];
            var room = inbox.Room();
            var count = Math.Min(Math.Min(cut, outbox.Count), room.Length);
            outbox.Pending[..count].CopyTo(room);
            outbox.Written(count);
            inbox.Filled(count);
            while (inbox.Next(out var body) == FrameStatus.Whole)
                received.Add(ToExecutor.Parser.ParseFrom(body));
        }

        Assert.Equal(sent, received);
        Assert.Equal(0, inbox.Count);
    }

    [Property]
    public void Any_bytes_are_read_without_an_exception(byte[] bytes)
    {
        var status = Frames.Read(bytes, 1_000, out var at, out var length);

        if (status == FrameStatus.Whole)
        {
            Assert.InRange(at + length, 1, bytes.Length);
            _ = Frames.TryParse(ToExecutor.Parser, bytes.AsSpan(at, length), out _);
        }
    }

    [Theory]
    [InlineData(new byte[] { }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0 }, FrameStatus.Whole)]
    [InlineData(new byte[] { 2, 1 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 2, 1, 1 }, FrameStatus.Whole)]
    [InlineData(new byte[] { 0x80 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0xe8, 0x07 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0xe9, 0x07 }, FrameStatus.Malformed)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff }, FrameStatus.Malformed)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f }, FrameStatus.Malformed)]
    public void The_start_of_a_stream_determines_the_status(byte[] bytes, FrameStatus status)
    {
        Assert.Equal(status, Frames.Read(bytes, maxBytes: 1_000, out _, out _));
    }

    [Fact]
    public void An_invalid_body_is_reported_without_an_exception()
    {
        Assert.False(Frames.TryParse(ToExecutor.Parser, [0x0a, 0x7f, 1], out var message));
        Assert.Null(message);
    }

    private static ToExecutor Message(long size) =>
        new()
        {
            Start = new() { Jid = size, Command = new string('x', (int)size) },
        };
}
