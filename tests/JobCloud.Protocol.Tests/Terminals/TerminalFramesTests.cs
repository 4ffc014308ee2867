using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Tests.Terminals;

public sealed class TerminalFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(123)]
    [InlineData(124)]
    [InlineData(125)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_379)]
    [InlineData(16_380)]
    [InlineData(16_381)]
    [InlineData(16_383)]
    [InlineData(TerminalFrames.ChunkBytes)]
    public void A_data_frame_equals_the_frame_of_the_message(int length)
    {
        var data = new byte[length];
        Array.Fill(data, (byte)7);
        var message = new FromTerminal { ErrorOutput = ByteString.CopyFrom(data) };
        var expected = new byte[Frames.SizeOf(message)];
        Frames.Write(message, expected);
        var frame = new byte[TerminalFrames.HeadBytes + length];
        data.CopyTo(frame, TerminalFrames.HeadBytes);

        var head = TerminalFrames.WriteHead(
            FromTerminal.ErrorOutputFieldNumber,
            length,
            frame.AsSpan(0, TerminalFrames.HeadBytes)
        );

        Assert.Equal(expected, frame[(TerminalFrames.HeadBytes - head)..]);
    }

    [Property]
    public void Input_round_trips(byte[] data)
    {
        var body = new ToTerminal { Input = ByteString.CopyFrom(data) }.ToByteArray();

        Assert.True(TerminalFrames.TryReadInput(body, out var input));
        Assert.Equal(data, input.ToArray());
    }

    [Property]
    public void Input_in_any_frame_equals_that_of_the_message(byte[] body)
    {
        if (TerminalFrames.TryReadInput(body, out var input))
            Assert.Equal(input.ToArray(), ToTerminal.Parser.ParseFrom(body).Input.ToByteArray());
    }

    [Fact]
    public void Other_messages_are_not_input()
    {
        Assert.False(TerminalFrames.TryReadInput([], out _));
        Assert.False(
            TerminalFrames.TryReadInput(new ToTerminal { Taken = 18 }.ToByteArray(), out _)
        );
        Assert.False(
            TerminalFrames.TryReadInput(
                new ToTerminal
                {
                    Input = ByteString.CopyFrom(new byte[TerminalFrames.ChunkBytes + 1]),
                }.ToByteArray(),
                out _
            )
        );
    }
}
