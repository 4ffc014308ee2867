using FsCheck.Xunit;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Model.Submit;

namespace JobCloud.FullScreen.Tests.Model.Submit;

[Properties(Arbitrary = [typeof(FormGenerators)], MaxTest = 300)]
public sealed class SubmitFormTests
{
    private static readonly ScriptedSource NoFiles = new();

    [Property]
    public void The_form_of_a_job_submits_an_equal_job(FilledForm filled)
    {
        var reading = filled.Form.Read(NoFiles);
        if (reading.Request.IsMap || reading.Request.Dependencies is not null)
            return;
        Assert.Empty(reading.Errors);
        var job = new JobDetail
        {
            Spec = reading.Request.Spec,
            Command = reading.Request.Spec.Command,
            Parameters = { reading.Request.Spec.Data },
        };
        var again = SubmitForm.Of(job).Read(NoFiles);
        Assert.Empty(again.Errors);
        reading.Request.Spec = AttributeGenerators.Copied(reading.Request.Spec);
        Assert.Equal(reading.Request, again.Request);
    }

    [Fact]
    public void Every_attribute_of_jobs_and_maps_has_one_field()
    {
        var maps = JobAttributes.All.Where(a =>
            a.IsFor(SubmissionKind.Map) && a.Scope != AttributeScope.Submission
        );
        Assert.Equal(maps.Prepend(JobAttributes.Command), SubmitFields.All);
    }

    [Fact]
    public void A_relative_directory_is_resolved_against_the_working_directory()
    {
        var cwd = SubmitFields.All.Single(f => f.Option == "--cwd");
        var form = SubmitForm.Empty.With(SubmitFields.Command, "true").With(cwd, "work");
        Assert.Equal("/here/work", form.Read(NoFiles).Request.Spec.WorkingDirectory);
    }

    [Fact]
    public void The_copy_of_a_map_element_has_the_elements_own_parameters()
    {
        var job = new JobDetail
        {
            Jid = 8,
            MapFirst = 7,
            MapLast = 9,
            Command = "echo {kept} b",
            Parameters =
            {
                new Parameter { Name = "f", Value = "b" },
            },
            Spec = new JobSpec
            {
                Command = @"echo \{kept} {f}",
                MaxParallel = 2,
                Priority = 5,
            },
        };
        var form = SubmitForm.Of(job);
        Assert.Equal(
            @"jobcloud exec --fresh --export none --data f=b 'echo \{kept} {f}'",
            SubmitCommand.Line(form)
        );
        Assert.Empty(form.Read(NoFiles).Errors);
    }

    [Theory]
    [InlineData("--cores", "x", "--cores: 'x' is not a whole number of at least 1.")]
    [InlineData(
        "--memory",
        "much",
        "--memory: 'much' is not a size; use one such as 512M, 1.5G or 2GiB."
    )]
    [InlineData("--os-env", "A", "--os-env: The variable 'A' is not set here; write A=VALUE.")]
    [InlineData("--os-env", "'A=1", "--os-env: Unterminated quote '; close it.")]
    [InlineData("--stdin", "gone", "--stdin: the file gone cannot be read.")]
    [InlineData("--depends-on", "9-3", "--depends-on: '9-3' is reversed; write 3-9.")]
    public void An_error_names_its_field(string option, string text, string message)
    {
        var field = SubmitFields.All.Single(f => f.Option == option);
        var form = SubmitForm.Empty.With(SubmitFields.Command, "true").With(field, text);
        Assert.Equal([new FieldError(field, message)], form.Read(NoFiles).Errors);
    }

    [Theory]
    [InlineData("", "The command is empty; give a command to run.")]
    [InlineData("a\0b", "The command contains a NUL character; remove it.")]
    public void An_error_of_the_whole_form_has_the_headless_commands_message(
        string command,
        string message
    ) =>
        Assert.Equal(
            message,
            SubmitForm.Empty.With(SubmitFields.Command, command).Read(NoFiles).Errors[0].Message
        );

    [Fact]
    public void Map_lists_of_different_lengths_are_rejected()
    {
        var form = SubmitForm
            .Empty.With(SubmitFields.Command, "echo {f} {g}")
            .With(SubmitFields.All.Single(f => f.Option == "--map-data"), "f=1,2 g=1");
        Assert.Contains("same number of values", form.Read(NoFiles).Errors.Single().Message);
    }

    [Fact]
    public void Files_are_sent_along()
    {
        var form = SubmitForm
            .Empty.With(SubmitFields.Command, "sort {in}")
            .With(SubmitFields.All.Single(f => f.Option == "--data"), "in=@a/data.csv");
        var reading = form.Read(new ScriptedSource(("a/data.csv", "x")));
        Assert.Empty(reading.Errors);
        Assert.Equal("data.csv", reading.Request.Spec.Data.Single().Value);
        Assert.Equal("x", reading.Request.Spec.Data.Single().File.ToStringUtf8());
    }
}
