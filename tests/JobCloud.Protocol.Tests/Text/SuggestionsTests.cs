using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class SuggestionsTests
{
    [Property]
    public void The_distance_is_symmetric_and_zero_for_equal_texts(Scrap a, Scrap b)
    {
        Assert.Equal(Suggestions.Distance(a.Text, b.Text), Suggestions.Distance(b.Text, a.Text));
        Assert.Equal(0, Suggestions.Distance(a.Text, a.Text));
    }

    [Theory]
    [InlineData("stauts", "status")]
    [InlineData("lable", "label")]
    [InlineData("prio", "priority")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void The_closest_name_is_suggested_if_it_is_close(string typed, string? name) =>
        Assert.Equal(name, Suggestions.Nearest(typed, ["status", "label", "priority", "owner"]));
}
