using System.Text.Json.Nodes;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Testing;
using JobCloud.Tui.Headless.Commands;

namespace JobCloud.Tui.Tests.Headless.Commands;

/// <summary>Commands whose options come from the catalogue of attributes.</summary>
public sealed class AttributeOptionsTests : CommandTest
{
    private SubmitRequest? _sent;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Submit = request =>
        {
            _sent = request;
            return new SubmitReply { First = 7, Last = 7 };
        };
        Cloud.Session = request =>
        {
            _sent = (SubmitRequest)request;
            return new SubmitReply { First = 7, Last = 7 };
        };
    }

    [Theory]
    [InlineData("exec", SubmissionKind.Job, "--wait", "--follow")]
    [InlineData("mapexec", SubmissionKind.Map, "--wait")]
    [InlineData("exec-shell", SubmissionKind.Shell)]
    public void The_options_of_a_submit_command_are_its_attributes_and_the_listed_others(
        string name,
        SubmissionKind kind,
        params string[] own
    ) =>
        Assert.Equal(
            JobAttributes.All.Where(a => a.IsFor(kind)).Select(a => a.Option).Concat(own),
            CommandCatalog.Find(name)!.Create().Options.Select(option => option.Name)
        );

    [Theory]
    [InlineData("exec")]
    [InlineData("mapexec")]
    [InlineData("exec-shell")]
    public void Short_options_are_unique(string name) =>
        Assert.Distinct(
            CommandCatalog.Find(name)!.Create().Options.SelectMany(option => option.Aliases)
        );

    [Fact]
    public async Task The_help_of_batch_names_every_member()
    {
        var words = (await RunAsync("help", "batch")).Output.Split(' ', ',', ';', '.', '\n');
        foreach (var attribute in JobAttributes.All.Where(a => a.IsFor(SubmissionKind.Map)))
            Assert.Single(words, word => word == attribute.Member);
    }

    [Property(Arbitrary = [typeof(AttributeGenerators)], MaxTest = 100)]
    public async Task The_command_line_of_a_job_submits_the_same_job(FilledRequest filled)
    {
        var job = new JobDetail
        {
            Spec = filled.Request.Spec,
            Command = filled.Request.Spec.Command,
            Parameters = { filled.Request.Spec.Data },
        };
        var words = ShellWords.Split(SubmitCommandLine.Of(job)).Value!;

        var ran = await RunAsync([.. words.Skip(1)]);

        Assert.Equal("", filled.Request.Spec.ShellJob is null ? ran.Error : "");
        Assert.Equal(AttributeGenerators.Copied(filled.Request.Spec), _sent!.Spec);
    }

    [Property(Arbitrary = [typeof(AttributeGenerators)], MaxTest = 100)]
    public async Task A_batch_object_submits_the_same_request_as_the_options(FilledRequest filled)
    {
        if (filled.Request.Spec.ShellJob is not null)
            return;
        var members = new JsonObject { ["command"] = filled.Request.Spec.Command };
        foreach (var (attribute, texts) in JobAttributes.Given(filled.Request))
            members[attribute.Member] = Json(attribute, texts);
        Input = new JsonObject { ["exec"] = members }.ToJsonString();

        var ran = await RunAsync("batch");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        // Each line gets a request ID, so that it can be sent again after a restart of the node.
        Assert.Equal(
            filled.Request.DryRun && filled.Request.RequestId.Length == 0,
            _sent!.RequestId.Length == 0
        );
        if (filled.Request.RequestId.Length == 0)
            _sent.RequestId = "";
        Assert.NotEqual("", _sent.Series);
        (_sent.Place, _sent.Series) = (null, "");
        Assert.Equal(filled.Request, _sent);
    }

    [Theory]
    [InlineData("--max-runtime", "max_runtime", "soon")]
    [InlineData("--cores", "cores", "0")]
    [InlineData("--isolate", "isolate", "disk")]
    [InlineData("--depends-on", "depends_on", "9-3")]
    [InlineData("--stdin", "stdin", "gone")]
    public async Task An_invalid_value_is_reported_under_the_name_that_the_user_gave(
        string option,
        string member,
        string text
    )
    {
        Input = $$"""{"exec": {"command": "true", "{{member}}": "{{text}}" } }""";
        var batch = (await RunAsync("batch")).Json.GetProperty("error").GetProperty("message");
        var exec = (await RunAsync("exec", option, text, "true")).Error;

        Assert.StartsWith($"{option}: ", exec);
        Assert.Equal(
            exec.Replace(option, $"Line 1: {member}").Replace(" See 'jobcloud help exec'.\n", ""),
            batch.GetString()
        );
        Assert.False(Cloud.WasAsked);
    }

    private static JsonNode Json(JobAttribute attribute, IReadOnlyList<string> texts) =>
        attribute.Kind switch
        {
            AttributeKind.Flag => texts[0] == JobAttribute.On,
            AttributeKind.Number => int.Parse(texts[0]),
            AttributeKind.Texts => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
            AttributeKind.Pairs => new JsonObject(
                texts
                    .Select(text => text.Split('=', 2))
                    .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair[0], pair[1]))
            ),
            _ => texts[0],
        };
}
