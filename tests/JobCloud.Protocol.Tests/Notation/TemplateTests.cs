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
        if (!template.Ok)
            Spans.AreWithin(scrap.Text.Replace("{", @"\{").Replace("}", @"\}"), template.Error);
        else
            Assert.Equal(scrap.Text, template.Value.Bind(_ => "bound"));
    }

    [Property]
    public void Bind_asks_only_for_the_parameters(Scrap scrap)
    {
        if (Template.Parse(scrap.Text) is not { Ok: true } template)
            return;
        var asked = new List<string>();
        template.Value.Bind(name =>
        {
            asked.Add(name);
            return "";
        });
        Assert.Equal(template.Value.Parameters, asked.Distinct());
        Assert.All(asked, name => Assert.True(Template.IsName(name)));
    }

    [Theory]
    [InlineData("echo {x} {y}{x}", "echo <x> <y><x>")]
    [InlineData("${x} {1..3} {} {a b} { x }", "${x} {1..3} {} {a b} { x }")]
    [InlineData(@"\{x\} \{x}", "{x} {x}")]
    [InlineData(@"awk '\{print $1\}' {f}", "awk '{print $1}' <f>")]
    [InlineData("{{x}}", "{<x>}")]
    [InlineData("{x", "{x")]
    [InlineData("$ {x} $$", "$ <x> $$")]
    [InlineData(@"a\b\\", @"a\b\\")]
    public void Only_parameters_are_filled_in(string text, string bound) =>
        Assert.Equal(bound, Template.Parse(text).Value!.Bind(name => $"<{name}>"));

    [Fact]
    public void A_parameter_without_a_value_stays_as_written() =>
        Assert.Equal(
            "a {x} b",
            Template.Parse("a {x} {y}").Value!.Bind(n => n == "y" ? "b" : null)
        );

    [Fact]
    public void A_value_is_not_a_template() =>
        Assert.Equal("{x}", Template.Parse("{x}").Value!.Bind(_ => "{x}"));

    [Property]
    public void An_escaped_text_binds_to_itself_without_parameters(Scrap scrap)
    {
        if (scrap.Text.Contains('\0'))
            return;
        var template = Template.Parse(Template.Escape(scrap.Text)).Value!;
        Assert.Empty(template.Parameters);
        Assert.Equal(scrap.Text, template.Bind(_ => null));
    }
}
