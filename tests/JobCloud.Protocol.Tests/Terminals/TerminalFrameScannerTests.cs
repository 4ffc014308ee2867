using System.Buffers;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Tests.Terminals;

public class TerminalFrameScannerTests
{
    [Fact]
    public void Frames_are_found_in_split_buffers()
    {
        FromTerminal[] messages =
        [
            new() { Opened = new TerminalOpened { Node = "n1" } },
            new() { Output = ByteString.CopyFromUtf8(new string('x', 300)) },
            new() { Output = ByteString.Empty },
            new() { Closed = new TerminalClosed { ExitCode = 3 } },
        ];
        var bytes = messages.SelectMany(Framed).ToArray();
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var rest = Split(bytes[..cut], bytes[cut..]);
            foreach (var message in messages)
            {
                Assert.Equal(
                    FrameStatus.Whole,
                    TerminalFrameScanner.Next(ref rest, out var field, out var body)
                );
                Assert.Equal((int)message.MessageCase, field);
                Assert.Equal(message, FromTerminal.Parser.ParseFrom(body));
            }
            Assert.Equal(FrameStatus.Incomplete, TerminalFrameScanner.Next(ref rest, out _, out _));
        }
    }

    [Fact]
    public void A_partial_frame_is_incomplete_and_an_oversized_one_malformed()
    {
        var bytes = Framed(new FromTerminal { Output = ByteString.CopyFromUtf8("hello") })
            .ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            var rest = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(FrameStatus.Incomplete, TerminalFrameScanner.Next(ref rest, out _, out _));
            Assert.Equal(length, rest.Length);
        }
        var huge = new ReadOnlySequence<byte>([0xff, 0xff, 0xff, 0x7f]);
        Assert.Equal(FrameStatus.Malformed, TerminalFrameScanner.Next(ref huge, out _, out _));
    }

    private static IEnumerable<byte> Framed(FromTerminal message)
    {
        var frame = new byte[Frames.SizeOf(message)];
        Frames.Write(message, frame);
        return frame;
    }

    private static ReadOnlySequence<byte> Split(byte[] first, byte[] second)
    {
        var last = new Chunk(second, first.Length);
        return new ReadOnlySequence<byte>(new Chunk(first, 0, last), 0, last, second.Length);
    }

    private sealed class Chunk : ReadOnlySequenceSegment<byte>
    {
        public Chunk(byte[] bytes, long at, Chunk? next = null)
        {
            (Memory, RunningIndex, Next) = (bytes, at, next);
        }
    }
}
