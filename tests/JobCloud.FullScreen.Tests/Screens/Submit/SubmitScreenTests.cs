using System.Security.Cryptography;
using JobCloud.FullScreen.Tests.Screens.Detail;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.FullScreen.Tests.Screens.Submit;

public sealed class SubmitScreenTests
{
    [Theory]
    [InlineData(60, 14)]
    [InlineData(80, 24)]
    [InlineData(140, 40)]
    [InlineData(300, 80)]
    public void The_form_matches_its_golden_file(int width, int height)
    {
        var stage = Opened(width, height, DetailSamples.Processing());
        stage.Advance(TimeSpan.FromSeconds(1)).Advance(TimeSpan.Zero);
        Golden.Verify($"form-{width}x{height}", stage.Press("Tab Tab Tab").Text);
    }

    [Fact]
    public void A_small_terminal_shows_the_field_that_has_the_focus()
    {
        var stage = Opened(60, 14).Type("true");
        for (var i = 0; i < SubmitFields.All.Count; i++)
        {
            var label = SubmitFields.All[i].Label;
            Assert.Contains(label.Length > 16 ? label[..15] : label, stage.Text);
            Assert.Contains("= jobcloud exec true", stage.Text);
            stage.Press("Tab");
        }
        stage.Press("Enter").Advance(TimeSpan.Zero);
        Assert.Contains("Submitted 99.", stage.Text);
    }

    [Theory]
    [InlineData("Environment", "--env py")]
    [InlineData("Volumes", "--vol data --vol py")]
    public void Environments_and_volumes_are_chosen_from_those_of_the_cloud(
        string label,
        string options
    )
    {
        var stage = Opened();
        stage.Cloud.Answer = request =>
            request is DefinitionsRequest asked
                ? new DefinitionsReply { Definitions = { All(asked.Kind) } }
                : DetailSamples.Answer(request);
        stage.Type("true");
        while (stage.Window.Top is SubmitScreen form && form.FieldName != label)
            stage.Press("Tab");
        if (label == "Volumes")
            stage.Press("^T Enter");
        Assert.Contains("type to filter", stage.Press("^T").Text);
        stage.Type("P").Press("Enter");
        Assert.Contains($"= jobcloud exec {options} true", stage.Text);

        static IEnumerable<Definition> All(DefinitionKind kind) =>
            new[] { "data", "py" }.Select(name =>
                kind == DefinitionKind.Volume
                    ? new Definition { Volume = new() { Name = name } }
                    : new Definition { Environment = new() { Name = name } }
            );
    }

    [Fact]
    public void A_key_for_a_list_that_a_field_lacks_says_why() =>
        Assert.Contains("there is no list", Opened().Press("^T").Text);

    [Fact]
    public void Typing_shows_the_command_and_then_checks_it_with_a_dry_run()
    {
        var stage = Opened().Type("sleep 5").Press("Tab").Type("two words");
        Assert.Contains("= jobcloud exec --label 'two words' 'sleep 5'", stage.Text);
        Assert.Empty(stage.Cloud.Requests);
        stage.Advance(TimeSpan.FromMilliseconds(299));
        Assert.Empty(stage.Cloud.Requests);
        stage.Advance(TimeSpan.FromMilliseconds(1)).Advance(TimeSpan.Zero);
        Assert.True(stage.Cloud.Single<SubmitRequest>().DryRun);
        Assert.Contains("The cloud would accept this job.", stage.Text);
    }

    [Fact]
    public void An_invalid_form_shows_the_error_and_sends_nothing()
    {
        var stage = Opened().Type("true").Press("Tab Tab Tab").Type("many").Press("Enter");
        Assert.Empty(stage.Cloud.Requests);
        Assert.Contains("--cores: 'many' is not a whole number of at least 1.", stage.Text);
    }

    [Fact]
    public void A_refused_form_stays_open_with_the_refusal()
    {
        var stage = Opened();
        stage.Cloud.Answer = _ => new Refusal { Message = "Job 3 is unknown." };
        stage.Type("true").Press("Enter").Advance(TimeSpan.Zero);
        Assert.IsType<SubmitScreen>(stage.Window.Top);
        Assert.Contains("Job 3 is unknown.", stage.Text);
    }

    [Fact]
    public void Enter_submits_and_closes_the_form()
    {
        var stage = Opened().Type("true").Press("Enter").Advance(TimeSpan.Zero);
        var submit = stage.Cloud.Single<SubmitRequest>();
        Assert.False(submit.DryRun);
        Assert.NotEmpty(submit.RequestId);
        Assert.Equal("true", submit.Spec.Command);
        Assert.IsNotType<SubmitScreen>(stage.Window.Top);
        Assert.Contains("Submitted 99.", stage.Text);
    }

    [Fact]
    public async Task A_large_file_is_sent_in_parts_and_a_small_one_in_the_request()
    {
        var (large, small) = (Path.GetTempFileName(), Path.GetTempFileName());
        var content = RandomNumberGenerator.GetBytes(BlobRules.PartBytes + 1_000);
        await File.WriteAllBytesAsync(large, content);
        await File.WriteAllTextAsync(small, "small");
        using var sent = new MemoryStream();
        var stage = Opened();
        stage.Cloud.Answer = request =>
            request switch
            {
                FindBlobsRequest find => new FindBlobsReply
                {
                    Missing = { Enumerable.Range(0, find.Blobs.Count) },
                },
                PutBlobRequest part => Take(part),
                _ => DetailSamples.Answer(request),
            };
        stage.Type($"cat {{f}} {{s}}");
        while (!stage.Text.Contains("value of {P}"))
            stage.Press("Tab");
        stage.Type($"f=@{large} s=@{small}").Press("Enter");
        await Eventually.HoldsAsync(
            () => stage.Advance(TimeSpan.Zero).Text.Contains("Submitted 99."),
            "submitted"
        );
        File.Delete(large);
        File.Delete(small);

        Assert.Equal(content, sent.ToArray());
        var submit = stage.Cloud.Requests.OfType<SubmitRequest>().Single(r => !r.DryRun);
        Assert.Equal(SHA256.HashData(content), submit.Spec.Data[0].Blob.Sha256.ToByteArray());
        Assert.False(submit.Spec.Data[0].HasFile);
        Assert.Equal("small", submit.Spec.Data[1].File.ToStringUtf8());

        PutBlobReply Take(PutBlobRequest part)
        {
            Assert.Equal(sent.Length, part.Offset);
            sent.Write(part.Data.Span);
            return new PutBlobReply { Next = sent.Length, Done = sent.Length == part.Blob.Size };
        }
    }

    [Fact]
    public async Task A_file_that_the_cloud_does_not_take_leaves_the_form_open()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[10_000]);
        var stage = Opened();
        stage.Cloud.Answer = request =>
            request switch
            {
                FindBlobsRequest => new FindBlobsReply { Missing = { 0 } },
                PutBlobRequest => new Refusal { Message = "The store has no room." },
                _ => DetailSamples.Answer(request),
            };
        stage.Type("cat");
        while (!stage.Text.Contains("file for the job's stdin"))
            stage.Press("Tab");
        stage.Type(file).Press("Enter");
        await Eventually.HoldsAsync(
            () => stage.Advance(TimeSpan.Zero).Text.Contains("The store has no room."),
            "refused"
        );
        File.Delete(file);
        Assert.IsType<SubmitScreen>(stage.Window.Top);
        Assert.DoesNotContain(
            stage.Cloud.Requests,
            request => request is SubmitRequest { DryRun: false }
        );
    }

    [Fact]
    public void Submit_and_follow_opens_the_output()
    {
        var stage = Opened().Type("true").Press("^O").Advance(TimeSpan.Zero);
        Assert.IsType<OutputScreen>(stage.Window.Top);
        Assert.Equal("output 99", stage.Window.Top.Crumb);
    }

    [Fact]
    public void In_read_only_mode_nothing_is_submitted()
    {
        var stage = Opened(readOnly: true).Type("true").Press("Enter");
        Assert.Empty(stage.Cloud.Requests);
        Assert.Contains("changes are disabled", stage.Text);
    }

    [Fact]
    public void Space_steps_through_choices_and_flags()
    {
        var stage = Opened().Type("true").Press("Tab Tab Space Space");
        Assert.Contains("--type c2", stage.Text);
        stage.Press("Left Left");
        Assert.Contains("= jobcloud exec true", stage.Text);
    }

    private static UiHarness Opened(
        int width = 140,
        int height = 40,
        JobDetail? like = null,
        bool readOnly = false
    )
    {
        var stage = new UiHarness(width, height, readOnly);
        stage.Cloud.Answer = DetailSamples.Answer;
        stage.Window.Open(SubmitScreen.Open(stage.Window, like));
        return stage;
    }
}
