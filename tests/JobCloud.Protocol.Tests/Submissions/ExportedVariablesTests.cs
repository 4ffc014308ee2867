using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Submissions;

public sealed class ExportedVariablesTests
{
    private static readonly ScriptedSource Shell = new()
    {
        Variables = new()
        {
            ["PATH"] = "/venv/bin:/bin",
            ["LANG"] = "de_DE.UTF-8",
            ["LC_TIME"] = "C",
            ["CONDA_PREFIX"] = "/conda",
            ["SECRET"] = "s",
            ["EMPTY"] = "",
            ["PWD"] = "/here",
            ["SHLVL"] = "2",
            ["_"] = "/bin/jobcloud",
            ["BINARY"] = "\uFFFD",
            ["JOBCLOUD_JID"] = "7",
        },
    };

    [Theory]
    [InlineData("none", "")]
    [InlineData("all", "CONDA_PREFIX EMPTY LANG LC_TIME PATH SECRET")]
    [InlineData("SECRET,EMPTY,UNSET", "SECRET EMPTY")]
    [InlineData("LC_*,LC_TIME,PATH", "LC_TIME PATH")]
    [InlineData(ExportedVariables.Default, "PATH LANG LC_TIME CONDA_PREFIX")]
    [InlineData("PWD", "PWD")]
    public void A_choice_names_the_variables_that_are_set(string choice, string names)
    {
        var chosen = ExportedVariables.Choose(choice, Shell).Value!;
        Assert.Equal(names, string.Join(' ', chosen.Select(variable => variable.Name)));
        Assert.All(chosen, v => Assert.Equal(Shell.Variables[v.Name], v.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A,,B")]
    [InlineData("A=B")]
    [InlineData("A B")]
    [InlineData("A*B")]
    [InlineData("BINARY")]
    public void A_choice_that_cannot_be_kept_is_an_error(string choice) =>
        Assert.False(ExportedVariables.Choose(choice, Shell).Ok);

    [Theory]
    [InlineData("", true)]
    [InlineData("all", true)]
    [InlineData("SECRET", false)]
    public void Only_a_whole_environment_replaces_the_language_of_the_node(
        string choice,
        bool replaces
    )
    {
        var spec = new JobSpec { Export = choice };
        Assert.False(ExportedVariables.HasLanguage(spec));
        spec.Exported.Add(new Variable { Name = "SECRET" });
        Assert.Equal(replaces, ExportedVariables.HasLanguage(spec));
    }
}
