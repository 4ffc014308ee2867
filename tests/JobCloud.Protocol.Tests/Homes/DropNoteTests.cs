using FsCheck.Xunit;
using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public sealed class DropNoteTests
{
    [Property]
    public void A_drop_note_round_trips(uint stdout, uint stderr, uint logging, uint syslog)
    {
        var note = new DropNote(stdout, stderr, logging, syslog);
        Assert.Equal(note, DropNote.Parse(note.ToString()));
    }

    [Fact]
    public void A_note_of_an_earlier_version_has_only_two_numbers() =>
        Assert.Equal(new DropNote(1, 2, 0, 0), DropNote.Parse("1 2\n"));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 x")]
    [InlineData("-1 2")]
    [InlineData("1 2 3")]
    public void Any_other_text_is_not_a_note(string text) => Assert.Null(DropNote.Parse(text));
}
