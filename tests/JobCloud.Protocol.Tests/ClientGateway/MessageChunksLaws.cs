using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.ClientGateway;

namespace JobCloud.Protocol.Tests.ClientGateway;

public sealed class MessageChunksLaws
{
    [Property]
    public void Split_messages_are_reassembled(string?[] texts, byte size)
    {
        var gathering = new MessageAssembler(1_000_000);
        var number = 0;
        foreach (var text in texts)
        {
            var message = new Refusal { Message = text ?? "" };
            foreach (var (chunk, last) in MessageChunks.Of(message, 1 + size))
            {
                Assert.InRange(chunk.Length, 0, 1 + size);
                Assert.Null(gathering.Add(number++, chunk));
                if (last)
                    Assert.Equal(message, Refusal.Parser.ParseFrom(gathering.Take()));
            }
        }
    }

    [Fact]
    public void A_missing_chunk_is_an_error()
    {
        var gathering = new MessageAssembler(100);
        Assert.Null(gathering.Add(0, ByteString.CopyFromUtf8("a")));
        Assert.NotNull(gathering.Add(2, ByteString.CopyFromUtf8("c")));
    }

    [Fact]
    public void A_message_over_the_limit_is_an_error()
    {
        var gathering = new MessageAssembler(100);
        Assert.Null(gathering.Add(0, ByteString.CopyFrom(new byte[100])));
        Assert.Contains("100 bytes", gathering.Add(1, ByteString.CopyFrom(new byte[1])));
    }
}
