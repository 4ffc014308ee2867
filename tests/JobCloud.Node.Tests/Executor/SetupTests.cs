using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Environments that need no sandbox.</summary>
public sealed class SetupTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_setup_line_runs_in_the_shell_of_the_command()
    {
        var job = With("word=hello # a comment", "echo $word; echo $JOBCLOUD_MARK | wc -c");

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal("", ended.Exit.NotStarted);
        Assert.StartsWith("hello\n", fixture.Stdout(job));
        Assert.False(File.Exists(fixture.Paths(job).EntryNote));
    }

    [Fact]
    public async Task A_program_is_looked_for_with_the_path_of_the_setup_line()
    {
        var folder = Directory.CreateTempSubdirectory("jc-path-").FullName;
        await File.WriteAllTextAsync($"{folder}/only-here", "#!/bin/sh\necho \"$@\"\n");
        File.SetUnixFileMode($"{folder}/only-here", (UnixFileMode)0x1ed);
        var job = With($"PATH={folder}:$PATH", "only-here a  b");

        await fixture.Agent.RunAsync(job);

        Assert.Equal("a b\n", fixture.Stdout(job));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("(exit 3)", "the setup line of environment e failed: exit 3")]
    [InlineData("exit 4", "the setup line of environment e failed: exit 4")]
    [InlineData("set -e; false; true", "the setup line of environment e failed: exit 1")]
    [InlineData("kill -KILL $$", "the setup line of environment e failed: signal 9")]
    public async Task A_setup_line_that_fails_is_why_the_job_was_not_started(
        string setup,
        string sentence
    )
    {
        var job = With(setup, "echo ran");

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal(sentence, ended.Exit.NotStarted);
        Assert.False(File.Exists(fixture.Paths(job).Stdout));
    }

    [Theory]
    [InlineData("nosuchprogram a", "", "no such program in PATH: nosuchprogram")]
    [InlineData("/no/such/program", "", "no such file: /no/such/program")]
    [InlineData("echo", "/no/such/shell", "no such file: /no/such/shell")]
    public async Task What_is_missing_after_the_setup_line_is_named(
        string command,
        string shell,
        string sentence
    )
    {
        var job = With("true", command);
        job.Shell = shell;

        Assert.Equal(sentence, (await fixture.Agent.RunAsync(job)).Exit.NotStarted);
    }

    [Theory]
    [InlineData("exit 127", 127, 0)]
    [InlineData("exit 200", 200, 0)]
    [InlineData("kill -SEGV $$", 0, 11)]
    public async Task The_end_of_the_command_is_its_own(string command, int code, int signal)
    {
        var ended = await fixture.Agent.RunAsync(With("true", command));

        Assert.Equal(
            ("", code, signal),
            (ended.Exit.NotStarted, ended.Exit.Code, ended.Exit.Signal)
        );
    }

    [Fact]
    public async Task Directories_of_an_environment_come_before_those_of_the_path()
    {
        var job = With("", "echo $PATH");
        job.EnvironmentDefinition.Path.AddRange(["/opt/a", "/opt/b"]);
        job.Environment.Add(new Variable { Name = "PATH", Value = "/usr/bin:/bin" });

        await fixture.Agent.RunAsync(job);

        Assert.Equal("/opt/a:/opt/b:/usr/bin:/bin\n", fixture.Stdout(job));
    }

    private static StartProcess With(string setup, string command)
    {
        var job = Job(command);
        job.EnvironmentDefinition = new EnvironmentDefinition { Name = "e", Setup = setup };
        return job;
    }
}
