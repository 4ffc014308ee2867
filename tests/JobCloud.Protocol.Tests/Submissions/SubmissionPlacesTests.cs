using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Submissions;

public sealed class SubmissionPlacesTests
{
    private const string OwnDirectories = "/home/attempts";
    private static readonly Variable Path = new() { Name = "PATH", Value = "/venv/bin" };
    private static readonly SubmissionPlace Here = new()
    {
        Directory = "/here",
        Variables = { Path },
    };

    [Fact]
    public void A_directory_whose_path_is_not_UTF_8_is_refused_and_not_replaced()
    {
        var from = new ScriptedSource { Directory = "/caf\uFFFD" };
        Assert.Contains("not UTF-8 text", SubmissionPlaces.Of(from, local: true).Error!.Message);
        Assert.True(SubmissionPlaces.Of(from, local: false).Ok);
    }

    [Fact]
    public void A_client_on_the_nodes_machine_sends_its_directory_and_variables()
    {
        var from = new ScriptedSource { Variables = new() { ["PATH"] = "/venv/bin" } };
        var local = SubmissionPlaces.Of(from, local: true).Value!;
        Assert.Equal(("/here", Path), (local.Directory, Assert.Single(local.Variables)));
        Assert.Equal(new SubmissionPlace(), SubmissionPlaces.Of(from, local: false).Value);
    }

    [Fact]
    public void A_setting_of_the_user_replaces_the_list()
    {
        var from = new ScriptedSource
        {
            Variables = new()
            {
                ["JOBCLOUD_EXPORT"] = "MINE",
                ["MINE"] = "x",
                ["PATH"] = "/bin",
            },
        };
        foreach (var local in new[] { true, false })
            Assert.Equal(
                ["MINE"],
                SubmissionPlaces.Of(from, local).Value!.Variables.Select(v => v.Name)
            );
        from.Variables["JOBCLOUD_EXPORT"] = "A=B";
        Assert.StartsWith("JOBCLOUD_EXPORT: ", SubmissionPlaces.Of(from, true).Error!.Message);
    }

    [Fact]
    public void A_job_without_a_directory_of_its_own_choice_runs_in_the_submitters()
    {
        Assert.Equal(
            new JobSpec { WorkingDirectory = "/here", Exported = { Path } },
            Completed(new())
        );
        Assert.Equal(
            new JobSpec { WorkingDirectory = "/there", Exported = { Path } },
            Completed(new() { WorkingDirectory = "/there" })
        );
        Assert.Equal(
            new JobSpec { Fresh = true, Exported = { Path } },
            Completed(new() { Fresh = true })
        );
        Assert.Equal(
            new JobSpec { WorkingDirectory = "/here", Export = "none" },
            Completed(new() { Export = "none" })
        );
    }

    [Fact]
    public void A_job_from_elsewhere_keeps_its_own_directory()
    {
        var spec = new JobSpec();
        SubmissionPlaces.Complete(spec, null, OwnDirectories);
        Assert.Equal(new JobSpec(), spec);
    }

    [Fact]
    public void A_root_file_system_has_neither_the_directory_nor_the_programs_of_the_submitter()
    {
        var spec = new JobSpec { EnvironmentDefinition = new() { Root = "/roots/deb" } };
        Assert.Equal(spec.Clone(), Completed(spec));
    }

    [Theory]
    [InlineData("/home/attempts/0/7.1.d")]
    [InlineData("/home/attempts/0/7.1.d/below")]
    public void A_job_submitted_in_a_jobs_own_directory_has_its_own(string directory)
    {
        var spec = new JobSpec();
        SubmissionPlaces.Complete(spec, new() { Directory = directory }, OwnDirectories);
        Assert.Equal("", spec.WorkingDirectory);
    }

    [Fact]
    public void Attributes_show_exported_variables_apart_from_the_jobs_own()
    {
        var spec = Completed(
            new()
            {
                Variables =
                {
                    new Variable { Name = "MINE", Value = "x" },
                },
            }
        );
        var item = InfoCatalog.All.Single(i => i.Name == "attributes");
        var shown = (InfoValue.Object)item.Read(new JobDetail { Spec = spec }, 0)!;
        Assert.Equal(["MINE"], NamesIn("os_env"));
        Assert.Equal(["PATH"], NamesIn("exported"));

        IEnumerable<string> NamesIn(string group) =>
            (
                (InfoValue.Object)shown.Members.Single(member => member.Key == group).Value
            ).Members.Select(member => member.Key);
    }

    private static JobSpec Completed(JobSpec spec)
    {
        SubmissionPlaces.Complete(spec, Here, OwnDirectories);
        return spec;
    }
}
