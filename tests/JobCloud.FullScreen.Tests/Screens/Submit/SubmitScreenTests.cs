using JobCloud.FullScreen.Tests.Screens.Detail;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.FullScreen.Tests.Screens.Submit;

public sealed class SubmitScreenTests
{
    [Theory]
    [InlineData(80, 24)]
    [InlineData(140, 40)]
    [InlineData(300, 80)]
    public void The_form_looks_as_it_did(int width, int height)
    {
        var stage = Opened(width, height, DetailSamples.Processing());
        stage.Passes(TimeSpan.FromSeconds(1)).Passes(TimeSpan.Zero);
        Golden.Holds($"form-{width}x{height}", stage.Press("Tab Tab Tab").Text);
    }

    [Fact]
    public void Typing_shows_the_command_and_then_asks_whether_it_would_be_accepted()
    {
        var stage = Opened().Type("sleep 5").Press("Tab").Type("two words");
        Assert.Contains("= jobcloud exec --label 'two words' sleep 5", stage.Text);
        Assert.Empty(stage.Cloud.Asked);
        stage.Passes(TimeSpan.FromMilliseconds(299));
        Assert.Empty(stage.Cloud.Asked);
        stage.Passes(TimeSpan.FromMilliseconds(1)).Passes(TimeSpan.Zero);
        Assert.True(stage.Cloud.The<SubmitRequest>().DryRun);
        Assert.Contains("It would be accepted.", stage.Text);
    }

    [Fact]
    public void What_is_wrong_is_said_and_nothing_is_sent()
    {
        var stage = Opened().Type("true").Press("Tab Tab Tab").Type("many").Press("Enter");
        Assert.Empty(stage.Cloud.Asked);
        Assert.Contains("--cores: 'many' is not a whole number of 1 or more.", stage.Text);
    }

    [Fact]
    public void What_the_cloud_refuses_stays_in_the_form()
    {
        var stage = Opened();
        stage.Cloud.Answer = _ => new Refusal { Message = "Job 3 is unknown." };
        stage.Type("true").Press("Enter").Passes(TimeSpan.Zero);
        Assert.IsType<SubmitScreen>(stage.Frame.Top);
        Assert.Contains("Job 3 is unknown.", stage.Text);
    }

    [Fact]
    public void Enter_submits_and_goes_back()
    {
        var stage = Opened().Type("true").Press("Enter").Passes(TimeSpan.Zero);
        var submit = stage.Cloud.The<SubmitRequest>();
        Assert.False(submit.DryRun);
        Assert.NotEmpty(submit.RequestId);
        Assert.Equal("true", submit.Spec.Command);
        Assert.IsNotType<SubmitScreen>(stage.Frame.Top);
        Assert.Contains("Submitted 99.", stage.Text);
    }

    [Fact]
    public void A_job_can_be_submitted_and_its_output_shown()
    {
        var stage = Opened().Type("true").Press("^O").Passes(TimeSpan.Zero);
        Assert.IsType<OutputScreen>(stage.Frame.Top);
        Assert.Equal("output 99", stage.Frame.Top.Crumb);
    }

    [Fact]
    public void Who_may_only_look_submits_nothing()
    {
        var stage = Opened(readOnly: true).Type("true").Press("Enter");
        Assert.Empty(stage.Cloud.Asked);
        Assert.Contains("nothing can be changed", stage.Text);
    }

    [Fact]
    public void Choices_and_flags_are_picked_with_the_blank()
    {
        var stage = Opened().Type("true").Press("Tab Tab Space Space");
        Assert.Contains("--type c2", stage.Text);
        stage.Press("Left Left");
        Assert.Contains("= jobcloud exec true", stage.Text);
    }

    private static Stage Opened(
        int width = 140,
        int height = 40,
        JobDetail? like = null,
        bool readOnly = false
    )
    {
        var stage = new Stage(width, height, readOnly);
        stage.Cloud.Answer = DetailSamples.Answer;
        stage.Frame.Open(new SubmitScreen(stage.Frame, like));
        return stage;
    }
}
