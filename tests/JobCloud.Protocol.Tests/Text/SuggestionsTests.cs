using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class SuggestionsTests
{
    [Property]
    public void The_distance_is_symmetric_and_zero_to_itself(Scrap a, Scrap b)
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
    public void The_nearest_name_is_suggested_when_it_is_near(string typed, string? name) =>
        Assert.Equal(name, Suggestions.Nearest(typed, ["status", "label", "priority", "owner"]));
}
