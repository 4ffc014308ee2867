using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Doors;

namespace JobCloud.Protocol.Tests.Doors;

public sealed class PiecesLaws
{
    [Property]
    public void Messages_come_together_as_they_were_cut(string?[] texts, byte size)
    {
        var gathering = new Gathering(1_000_000);
        var number = 0;
        foreach (var text in texts)
        {
            var message = new Refusal { Message = text ?? "" };
            foreach (var (piece, last) in Pieces.Of(message, 1 + size))
            {
                Assert.InRange(piece.Length, 0, 1 + size);
                Assert.Null(gathering.Add(number++, piece));
                if (last)
                    Assert.Equal(message, Refusal.Parser.ParseFrom(gathering.Take()));
            }
        }
    }

    [Fact]
    public void A_missing_piece_is_noticed()
    {
        var gathering = new Gathering(100);
        Assert.Null(gathering.Add(0, ByteString.CopyFromUtf8("a")));
        Assert.NotNull(gathering.Add(2, ByteString.CopyFromUtf8("c")));
    }

    [Fact]
    public void A_message_that_never_ends_is_given_up()
    {
        var gathering = new Gathering(100);
        Assert.Null(gathering.Add(0, ByteString.CopyFrom(new byte[100])));
        Assert.Contains("100 bytes", gathering.Add(1, ByteString.CopyFrom(new byte[1])));
    }
}
