using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class JidNotationTests
{
    [Property]
    public void A_selection_round_trips(Selection selection) =>
        Assert.Equal(selection, JidNotation.Parse(JidNotation.Print(selection)).Value);

    [Property]
    public void Any_text_parses_to_a_selection_or_an_error_within_it(Scrap scrap)
    {
        Check(JidNotation.Parse(scrap.Text));
        Check(JidNotation.ParseLines(scrap.Text));

        void Check(Parsed<Selection> parsed)
        {
            if (!parsed.Ok)
                Spans.AreWithin(scrap.Text, parsed.Error);
            else
                Assert.All(
                    parsed.Value.Items,
                    i => Assert.True(i.Range is null || i.Range.First > 0)
                );
        }
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("3,7,9", "3,7,9")]
    [InlineData("10-19, 3", "10-19,3")]
    [InlineData("7-7", "7")]
    [InlineData("all,unfinished,last,failed", "all,unfinished,last,failed")]
    [InlineData(@"label:a\,b,3", @"label:a\,b,3")]
    [InlineData("status:queued,map:12", "status:queued,map:12")]
    public void Batch_notation_keeps_its_order(string text, string printed) =>
        Assert.Equal(printed, JidNotation.Print(JidNotation.Parse(text).Value!));

    [Theory]
    [InlineData("", "Missing jid")]
    [InlineData("3,", "Missing jid")]
    [InlineData("3,,4", "Missing jid")]
    [InlineData("0", "'0' is not a jid: jids start at 1")]
    [InlineData("-3", "'-3'")]
    [InlineData("3,4x,5", "'4x'")]
    [InlineData("9-3", "'9-3' is reversed; write 3-9")]
    [InlineData("1-2-3", "'1-2-3'")]
    [InlineData("99999999999999999999", "it is too large")]
    [InlineData("label:", "'label:' has no text")]
    [InlineData("status:ready", "Unknown status in 'status:ready'; use one of waiting, queued")]
    [InlineData("map:x", "'map:x'")]
    public void An_error_names_the_invalid_item(string text, string message) =>
        Assert.Contains(message, JidNotation.Parse(text).Error!.Message);

    [Fact]
    public void An_escaped_comma_belongs_to_the_label() =>
        Assert.Equal(["a,b", "c\\"], Labels(@"label:a\,b,label:c\\"));

    [Fact]
    public void Jids_from_a_pipe_are_separated_by_white_space() =>
        Assert.Equal(
            "3,4-5,last",
            JidNotation.Print(JidNotation.ParseLines("3\n4-5  last\n").Value!)
        );

    [Fact]
    public void An_empty_pipe_is_an_error() => Assert.False(JidNotation.ParseLines(" \n").Ok);

    private static string[] Labels(string text) =>
        [.. JidNotation.Parse(text).Value!.Items.Select(i => i.Label)];
}
