using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Notation;

public sealed class CommandTemplateTests
{
    private const string Nasty = "it's $(x) `y` \"z\"";

    [Theory]
    [InlineData("gzip {f}", "gzip \"$JOBCLOUD_PARAM_f\"")]
    [InlineData("echo \"{f}\"", "echo \"${JOBCLOUD_PARAM_f}\"")]
    [InlineData("echo 'a {f} b'", "echo 'a '\"$JOBCLOUD_PARAM_f\"' b'")]
    [InlineData("echo $'a {f}'", "echo $'a '\"$JOBCLOUD_PARAM_f\"$''")]
    [InlineData("echo \"$(cat {f})\"", "echo \"$(cat \"$JOBCLOUD_PARAM_f\")\"")]
    [InlineData(
        "echo \"$(cat '{f}') {f}\"",
        "echo \"$(cat ''\"$JOBCLOUD_PARAM_f\"'') ${JOBCLOUD_PARAM_f}\""
    )]
    [InlineData("echo `cat {f}`", "echo `cat \"$JOBCLOUD_PARAM_f\"`")]
    [InlineData("echo \\\"{f}", "echo \\\"\"$JOBCLOUD_PARAM_f\"")]
    [InlineData("echo x # it's\necho {f}", "echo x # it's\necho \"$JOBCLOUD_PARAM_f\"")]
    [InlineData(
        "cat <<E\nit's {f}\nE\necho {f}",
        "cat <<E\nit's ${JOBCLOUD_PARAM_f}\nE\necho \"$JOBCLOUD_PARAM_f\""
    )]
    [InlineData("cat <<<{f}", "cat <<<\"$JOBCLOUD_PARAM_f\"")]
    [InlineData("echo \"${x:-{f}}\"", "echo \"${x:-${JOBCLOUD_PARAM_f}}\"")]
    [InlineData("a{f!}b", "ait's $(x) `y` \"z\"b")]
    public void A_shell_line_refers_to_a_value_that_needs_quotes(string line, string run) =>
        Assert.Equal(run, Of(line).ToRun(_ => Nasty));

    [Theory]
    [InlineData("gzip {f}", "gzip data/x-1.csv")]
    [InlineData("echo '{f}'", "echo 'data/x-1.csv'")]
    [InlineData("{f}>out", "\"$JOBCLOUD_PARAM_f\">out")]
    public void A_plain_value_is_inserted_into_the_line(string line, string run) =>
        Assert.Equal(run, Of(line).ToRun(_ => "data/x-1.csv"));

    [Fact]
    public void Values_go_into_the_words_of_an_argv_as_they_are()
    {
        var spec = new JobSpec();
        CommandLine.SetWords(spec, ["grep", "-e {f}", "{g}"]);
        var template = CommandTemplate.Parse(spec).Value!;
        Assert.Equal(["f", "g"], template.Parameters);
        var mode = CommandLine.For(template.ToRun(_ => Nasty), true, "", _ => true);
        Assert.Equal(["grep", "-e " + Nasty, Nasty], Assert.IsType<StartMode.Direct>(mode).Argv);
    }

    [Fact]
    public void Only_shells_of_the_POSIX_family_get_quoted_values()
    {
        Assert.Equal($"print({Nasty})", Of("print({f})", "/usr/bin/python3").ToRun(_ => Nasty));
        Assert.Equal("x \"$JOBCLOUD_PARAM_f\"", Of("x {f}", "/bin/zsh").ToRun(_ => Nasty));
    }

    [Fact]
    public void A_parameter_without_a_value_stays_as_written() =>
        Assert.Equal("a {x} b {z!}", Of("a {x} {y} {z!}").ToRun(name => name == "y" ? "b" : null));

    [Theory]
    [InlineData("gzip {f}", "gzip 'a b'")]
    [InlineData("echo \"{f}\" '{f}'", "echo \"a b\" 'a b'")]
    public void A_reader_sees_the_values_in_the_line(string line, string shown) =>
        Assert.Equal(shown, Of(line).ToShow(_ => "a b"));

    private static CommandTemplate Of(string line, string shell = "") =>
        CommandTemplate.Parse(new JobSpec { Command = line, Shell = shell }).Value!;
}
