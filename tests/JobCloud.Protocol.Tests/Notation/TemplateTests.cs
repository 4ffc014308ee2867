using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class TemplateTests
{
    [Property]
    public void A_text_with_its_braces_escaped_binds_to_itself(Scrap scrap)
    {
        var template = Template.Parse(scrap.Text.Replace("{", @"\{").Replace("}", @"\}"));
        Assert.Equal(scrap.Text, template.Bind(_ => "bound"));
    }

    [Property]
    public void All_slots_have_valid_names(Scrap scrap) =>
        Assert.All(
            Template.Parse(scrap.Text).Slots,
            slot => Assert.True(Template.IsName(slot.Name))
        );

    [Theory]
    [InlineData("echo {x} {y}{x}", "echo <x> <y><x>")]
    [InlineData("${x} {1..3} {} {a b} { x }", "${x} {1..3} {} {a b} { x }")]
    [InlineData(@"\{x\} \{x}", "{x} {x}")]
    [InlineData(@"awk '\{print $1\}' {f}", "awk '{print $1}' <f>")]
    [InlineData("{{x}}", "{<x>}")]
    [InlineData("{x", "{x")]
    [InlineData("{x!} {!}", "<x> {!}")]
    [InlineData("$ {x} $$", "$ <x> $$")]
    [InlineData(@"a\b\\", @"a\b\\")]
    public void Only_parameters_are_filled_in(string text, string bound)
    {
        var template = Template.Parse(text);
        Assert.Equal(bound, template.Bind(i => $"<{template.Slots[i].Name}>"));
    }

    [Fact]
    public void A_value_is_not_a_template() =>
        Assert.Equal("{x}", Template.Parse("{x}").Bind(_ => "{x}"));
}
