using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.FullScreen.Tests.Keys;

public sealed class BurstsTests
{
    private readonly Bursts _bursts = new();

    [Theory]
    [InlineData("j")]
    [InlineData("gg")]
    [InlineData("jjk")]
    [InlineData("jjjjjjjj")]
    [InlineData("\r")]
    [InlineData("\e[A")]
    [InlineData("\e[<0;10;10M")]
    [InlineData("\u0003abc")]
    public void Keys_stay_keys(string read) => Assert.Equal(read, Marked(read, 0));

    [Theory]
    [InlineData("rm -rf x\r")]
    [InlineData("ls\r\n")]
    [InlineData("für\t1")]
    public void Text_that_arrives_together_is_a_paste(string read) =>
        Assert.Equal($"\e[200~{read}\e[201~", Marked(read, 0));

    [Fact]
    public void The_end_of_a_long_paste_is_a_paste_too()
    {
        Marked(new string('x', 200) + "y", 1_000);
        Assert.Equal("\e[200~q\e[201~", Marked("q", 1_050));
        Assert.Equal("\e[200~q\r\e[201~", Marked("q\r", 1_140));
        Assert.Equal("q", Marked("q", 1_300));
    }

    private string Marked(string read, long nowMs) =>
        string.Concat(_bursts.Mark(read.ToCharArray(), nowMs));
}
