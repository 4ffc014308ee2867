using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public sealed class HomePathsTests
{
    [Theory]
    [InlineData("/root/.local/share/jobcloud", true)]
    [InlineData("/var/lib/jobcloud", true)]
    [InlineData("/var/lib/jobcloud2", false)]
    [InlineData("/tmp/try", false)]
    public void The_default_home_and_that_of_the_machine_serve_all_accounts(
        string home,
        bool serves
    ) =>
        Assert.Equal(
            serves,
            new HomePaths(home).IsOfMachine(name => name == "HOME" ? "/root" : null)
        );

    [Theory]
    [InlineData("HOME", "/home/a", "/home/a/.local/share/jobcloud")]
    [InlineData("XDG_DATA_HOME", "/data/", "/data/jobcloud")]
    [InlineData("XDG_DATA_HOME", "relative", "/.local/share/jobcloud")]
    public void The_default_home_follows_the_XDG_specification(
        string variable,
        string value,
        string home
    ) => Assert.Equal(home, HomePaths.DefaultHome(name => name == variable ? value : null));
}
