using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class NotStartedTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    [Theory]
    [InlineData("nosuchprogram", "", "", "no such program in PATH: nosuchprogram")]
    [InlineData("/no/such/program", "", "", "no such file: /no/such/program")]
    [InlineData("/etc/passwd word", "", "", "permission denied: /etc/passwd is not executable")]
    [InlineData("/etc word", "", "", "/etc is a directory")]
    [InlineData("/dev/null word", "", "", "/dev/null is not a regular file")]
    [InlineData(
        "true",
        "",
        "/no/such/place",
        "no directory /no/such/place on node ; share it, or use --fresh"
    )]
    [InlineData("true", "", "/etc/passwd", "/etc/passwd on node  is not a directory; name one")]
    [InlineData("true", "", "relative", "working directory relative is not an absolute path")]
    [InlineData("true", "/no/such/shell", "", "/no/such/shell or its interpreter does not exist")]
    [InlineData("true", "/etc/passwd", "", "permission denied: /etc/passwd is not executable")]
    [InlineData("true", "/etc", "", "/etc is a directory")]
    public async Task A_job_that_cannot_start_reports_the_reason(
        string command,
        string shell,
        string directory,
        string reason
    )
    {
        var job = Job(command);
        (job.Shell, job.WorkingDirectory) = (shell, directory);

        var ended = await fixture.Agent.RunAsync(job);

        Assert.StartsWith(reason, ended.Exit.NotStarted);
        Assert.Equal(0, fixture.Agent.Count(m => m.Started?.Jid == job.Jid));
        Assert.False(Directory.Exists(fixture.Paths(job).Directory));
        Assert.False(File.Exists(fixture.Paths(job).Stdout));
    }

    [Fact]
    public async Task The_directory_of_another_job_is_refused_as_working_directory()
    {
        var first = Job("mkdir kept");
        await fixture.Agent.RunAsync(first);
        var job = Job("true");
        job.WorkingDirectory = $"{fixture.Paths(first).Directory}/kept";

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Contains("which JobCloud deletes; use --fresh", ended.Exit.NotStarted);
    }

    [Fact]
    public async Task A_relative_directory_with_a_volume_and_a_return_file_ends_only_that_attempt()
    {
        var job = Job("true");
        (job.WorkingDirectory, job.ReturnFile) = ("relative", "out");
        job.Volumes.Add(new VolumeDefinition { Directory = "/tmp", MountPath = "/mnt" });

        var ended = await fixture.Agent.RunAsync(job);
        var next = await fixture.Agent.RunAsync(Job("true"));

        Assert.Equal("working directory relative is not an absolute path", ended.Exit.NotStarted);
        Assert.Equal("", next.Exit.NotStarted);
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("/tmp/\0/x")]
    public async Task Paths_that_no_machine_has_end_only_that_attempt(string path)
    {
        var job = Job("true");
        (job.WorkingDirectory, job.ReturnFile) = (path, path);
        job.Volumes.Add(new VolumeDefinition { Directory = path, MountPath = path });

        var ended = await fixture.Agent.RunAsync(job);
        var next = await fixture.Agent.RunAsync(Job("true"));

        Assert.NotEqual("", ended.Exit.NotStarted);
        Assert.Equal("", next.Exit.NotStarted);
    }

    [Fact]
    public async Task A_command_that_is_too_long_does_not_start()
    {
        var job = Job(
            new StringBuilder("echo ").Append('x', 200_000).Append(" | wc -c").ToString()
        );

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Contains("too long for this system", ended.Exit.NotStarted);
    }

    [Fact]
    public async Task A_missing_interpreter_is_reported_with_the_script()
    {
        var job = Job("./script");
        job.Files.Add(
            new SentFile
            {
                Name = "script",
                Content = Google.Protobuf.ByteString.CopyFromUtf8("#!/no/such/interpreter\n"),
            }
        );

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal("./script or its interpreter does not exist", ended.Exit.NotStarted);
    }

    [Fact]
    public async Task The_executor_survives_many_failed_starts()
    {
        for (var i = 0; i < 200; i++)
        {
            var job = Job("true");
            job.Shell = "/etc/passwd";
            var ended = await fixture.Agent.RunAsync(job);
            Assert.StartsWith("permission denied", ended.Exit.NotStarted);
        }
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_sent_file_cannot_leave_the_fresh_directory(string name)
    {
        var job = Job("true");
        job.Files.Add(new SentFile { Name = name });

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Contains("is not a valid name for a file sent with the job", ended.Exit.NotStarted);
    }

    [Fact]
    public async Task A_program_is_searched_in_the_jobs_own_path()
    {
        var job = Job("true");
        job.Environment.Add(new Variable { Name = "PATH", Value = "/no/such/folder" });

        var ended = await fixture.Agent.RunAsync(job);

        Assert.Equal("no such program in PATH: true", ended.Exit.NotStarted);
    }
}
