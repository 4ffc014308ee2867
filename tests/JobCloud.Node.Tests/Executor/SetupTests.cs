using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Environments without a sandbox.</summary>
public sealed class SetupTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_setup_line_runs_in_the_shell_of_the_command()
    {
        var job = With("word=hello # a comment", "echo $word; echo $JOBCLOUD_MARK | wc -c");

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal("", ended.Exit.NotStarted);
        Assert.StartsWith("hello\n", fixture.Stdout(job));
        Assert.False(File.Exists(fixture.Paths(job).StartProgress));
    }

    [Fact]
    public async Task A_program_is_searched_in_the_path_of_the_setup_line()
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
    public async Task A_failed_setup_line_is_the_reason_for_a_failed_start(
        string setup,
        string reason
    )
    {
        var job = With(setup, "echo ran");

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal(reason, ended.Exit.NotStarted);
        Assert.False(File.Exists(fixture.Paths(job).Stdout));
    }

    [Theory]
    [InlineData("nosuchprogram a", "", "no such program in PATH: nosuchprogram")]
    [InlineData("/no/such/program", "", "no such file: /no/such/program")]
    [InlineData("echo", "/no/such/shell", "no such file: /no/such/shell")]
    public async Task A_program_missing_after_the_setup_line_is_named(
        string command,
        string shell,
        string reason
    )
    {
        var job = With("true", command);
        job.Shell = shell;

        Assert.Equal(reason, (await fixture.Agent.RunAsync(job)).Exit.NotStarted);
    }

    [Theory]
    [InlineData("exit 127", 127, 0)]
    [InlineData("exit 200", 200, 0)]
    [InlineData("kill -SEGV $$", 0, 11)]
    public async Task The_exit_status_after_a_setup_line_is_the_commands(
        string command,
        int code,
        int signal
    )
    {
        var ended = await fixture.Agent.RunAsync(With("true", command));

        Assert.Equal(
            ("", code, signal),
            (ended.Exit.NotStarted, ended.Exit.Code, ended.Exit.Signal)
        );
    }

    [Fact]
    public async Task Directories_of_an_environment_precede_those_of_the_path()
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
