using System.Diagnostics;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Tests.Executor;

public sealed class ProcessStatTests
{
    [Fact]
    public void A_stat_line_with_brackets_in_the_name_is_parsed()
    {
        var line =
            "42 (a) b (c)) S 7 41 40 0 -1 4194304 1 2 3 4 50 60 70 80 20 0 1 0 9000 10000 321 18446744"u8;

        var stat = ProcessStat.Parse(42, line);

        Assert.Equal(new ProcessStat(42, 7, 41, false, 120, 140, 9000, 321), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (name")]
    [InlineData("42 (name) S 1 2")]
    [InlineData("42 (name) S x y z")]
    public void A_malformed_stat_line_is_rejected(string line)
    {
        Assert.Null(ProcessStat.Parse(42, System.Text.Encoding.UTF8.GetBytes(line)));
    }

    [Fact]
    public async Task A_process_is_found_below_its_parent()
    {
        using var shell = Process.Start(
            new ProcessStartInfo("setsid", ["sh", "-c", "echo; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await shell.StandardOutput.ReadLineAsync();

        var snapshot = ProcessSnapshot.Take();
        var child = snapshot.All[shell.Id];

        Assert.True(child.ResidentPages > 0);
        Assert.Equal(Environment.ProcessId, child.Parent);
        Assert.Equal(child.Pid, snapshot.ChildAbove(child.Pid, child.Parent));
        Assert.Equal(0, snapshot.ChildAbove(child.Pid, child.Pid));
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
    }

    [Theory]
    [InlineData("A=1\0JOBCLOUD_MARK=12.3@/home/x\0B=2\0", "/home/x", 12, 3)]
    [InlineData("JOBCLOUD_MARK=12.3@/home/x", "/home/x", 12, 3)]
    [InlineData("JOBCLOUD_MARK=12.3@/a@b.c\0", "/a@b.c", 12, 3)]
    public void The_mark_of_a_job_is_found(string environment, string home, long jid, int number)
    {
        Assert.Equal(
            new AttemptId(jid, number),
            JobMark.Find(System.Text.Encoding.UTF8.GetBytes(environment), home)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("XJOBCLOUD_MARK=12.3@/home/x\0")]
    [InlineData("JOBCLOUD_MARK=12.3@/home/other\0")]
    [InlineData("JOBCLOUD_MARK=12@/home/x\0")]
    [InlineData("JOBCLOUD_MARK=.@/home/x\0")]
    [InlineData("JOBCLOUD_MARK\0")]
    public void An_environment_of_another_home_has_no_mark(string environment)
    {
        Assert.Null(JobMark.Find(System.Text.Encoding.UTF8.GetBytes(environment), "/home/x"));
    }
}
