using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class TypedPathTests
{
    [Theory]
    [InlineData("~", "/home/ann")]
    [InlineData("~/a b", "/home/ann/a b")]
    [InlineData("~bob/x", "~bob/x")]
    [InlineData("a/~/b", "a/~/b")]
    public void A_leading_tilde_is_the_home_directory(string typed, string expected) =>
        Assert.Equal(expected, TypedPath.Expand(typed, "/home/ann"));
}
