using System.Diagnostics;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor;

public sealed class ProcessMarkTests
{
    private const string Home = "/a home";

    [Fact]
    public void A_mark_is_found_between_other_variables()
    {
        var mark = $"JOBCLOUD_MARK={JobMark.For(new(7, 2), Home)}";

        Assert.Equal(new(7, 2), Find($"A=1\0{mark}\0B=2\0"));
        Assert.Equal(new(7, 2), Find(mark));
        Assert.Null(Find("NOT_JOBCLOUD_MARK=7.2@/a home\0"));
        Assert.Null(Find("JOBCLOUD_MARK=7.2@/another home\0"));
        Assert.Null(Find("JOBCLOUD_MARK=x.2@/a home\0"));
    }

    [Fact]
    public async Task A_zombie_shows_no_mark()
    {
        using var parent = Process.Start("/bin/sh", ["-c", "true & exec sleep 60"]);
        var zombie = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                var children = File.ReadAllText($"/proc/{parent.Id}/task/{parent.Id}/children");
                zombie = int.TryParse(children, out var pid) ? pid : 0;
                return zombie != 0 && !ProcessesOf.IsAlive(zombie);
            },
            "the child exited"
        );

        Assert.Null(ProcessMark.Of(zombie, Home, out var isShown));
        Assert.False(isShown);

        parent.Kill();
        await parent.WaitForExitAsync();
    }

    [Fact]
    public void A_live_process_without_a_mark_belongs_to_no_job()
    {
        Assert.Null(ProcessMark.Of(Environment.ProcessId, Home, out var isShown));
        Assert.True(isShown);
    }

    private static AttemptId? Find(string environment) =>
        JobMark.Find(System.Text.Encoding.UTF8.GetBytes(environment), Home);
}
