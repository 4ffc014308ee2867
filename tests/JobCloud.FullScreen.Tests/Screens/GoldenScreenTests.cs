namespace JobCloud.FullScreen.Tests.Screens;

public sealed class GoldenScreenTests
{
    public static TheoryData<string, string, int, int> Pictures()
    {
        var all = new TheoryData<string, string, int, int>();
        foreach (var (width, height) in new[] { (80, 24), (140, 40) })
        {
            all.Add("jobs", "j j", width, height);
            all.Add("jobs-marked", "j Space Space p", width, height);
            all.Add("nodes", "2 j", width, height);
            all.Add("pulse", "3", width, height);
            all.Add("pulse-bar", "3 < Left Left", width, height);
            all.Add("pulse-live", "3 > > >", width, height);
            all.Add("events", "4", width, height);
            all.Add("help", "?", width, height);
            all.Add("palette", ": j o b s Space s t a", width, height);
            all.Add("kill", "j j A K", width, height);
            all.Add("columns", "C j", width, height);
        }
        all.Add("jobs", "j j", 300, 80);
        all.Add("nodes", "2 j", 300, 80);
        all.Add("pulse", "3", 300, 80);
        return all;
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_screen_matches_its_golden_file(string name, string keys, int width, int height)
    {
        var stage = new UiHarness(width, height).Receive(Samples.Full());
        stage.Cloud.Answer = Samples.Answer;
        for (var i = 1; i <= 90; i++)
        {
            stage.Advance(TimeSpan.FromSeconds(1));
            stage.Receive(
                new() { Counts = Samples.Counts(12 + i % 7, 34 + i, 5 + i * (i % 4), 4 + i / 30) }
            );
        }
        stage.Press(keys);
        Golden.Verify($"{name}-{width}x{height}", stage.Text);
    }

    [Theory]
    [InlineData(39, 24)]
    [InlineData(80, 9)]
    public void A_terminal_that_is_too_small_shows_the_required_size(int width, int height) =>
        Assert.Contains("JobCloud requires 40x10.", new UiHarness(width, height).Text);
}
