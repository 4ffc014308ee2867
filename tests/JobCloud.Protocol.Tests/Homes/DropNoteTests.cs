using FsCheck.Xunit;
using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public sealed class DropNoteTests
{
    [Property]
    public void Written_and_read_it_is_the_same(uint stdout, uint stderr)
    {
        var note = new DropNote(stdout, stderr);
        Assert.Equal(note, DropNote.Parse(note.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 x")]
    [InlineData("-1 2")]
    [InlineData("1 2 3")]
    public void Anything_else_is_no_note(string text) => Assert.Null(DropNote.Parse(text));
}
