using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Logs;

namespace JobCloud.Protocol.Tests.Logs;

public sealed class KernelMessageTests
{
    [Property(MaxTest = 500)]
    public void Any_bytes_parse_to_one_line_or_to_nothing(byte[] record, bool isKernels)
    {
        byte[] whole = isKernels ? [.. "4,1,2,-;oom-kill:,pid=7"u8, .. record] : record;

        var line = KernelMessage.Parse(whole)?.Line(0);

        Assert.DoesNotContain(line ?? "", c => char.IsControl(c) && c != '\t');
    }

    [Theory]
    [InlineData(
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
            + "oom_memcg=/jobcloud/7.1,task_memcg=/jobcloud/7.1,task=python3,pid=123,uid=0",
        123,
        "/jobcloud/7.1"
    )]
    [InlineData(
        "Out of memory: Killed process 123 (python3) total-vm:1kB, anon-rss:1kB, UID:0",
        123,
        ""
    )]
    [InlineData("Memory cgroup out of memory: Killed process 99 (a b) total-vm:1kB", 99, "")]
    [InlineData("Out of memory: Kill process 5 (x) score 900 or sacrifice child", 5, "")]
    [InlineData("oom_reaper: reaped process 123 (python3), now anon-rss:0kB", 123, "")]
    [InlineData("dummy[27360]: segfault at 7f4c ip 00007f4d sp 00007ffe error 4 in x", 27360, "")]
    [InlineData("traps: dummy[27369] general protection fault ip:7f15 sp:7ffc", 27369, "")]
    [InlineData("traps: .NET Server GC[31] trap int3 ip:7f15 sp:7ffc error:0", 31, "")]
    public void A_message_about_a_process_names_its_pid_and_cgroup(
        string text,
        int pid,
        string cgroup
    )
    {
        var message = KernelMessage.Parse(
            Encoding.UTF8.GetBytes($"4,339,5140900,-;{text}\n A=b\n")
        );

        Assert.Equal(new KernelMessage(4, pid, cgroup, text), message);
        Assert.Equal(
            $"1970-01-01 00:00:01.500 kern.warning kernel: {text}",
            message!.Line(1_500_000)
        );
    }

    [Theory]
    [InlineData("6,1,2,-;eth0: link becomes ready")]
    [InlineData("6,1,2,-;Code: 89 c8 31 d2 [12] 34")]
    [InlineData("12,1,2,-;Killed process 123 (written by a program)")]
    [InlineData("4;Killed process 123 (cut)")]
    [InlineData("")]
    public void Other_messages_are_ignored(string record) =>
        Assert.Null(KernelMessage.Parse(Encoding.UTF8.GetBytes(record)));
}
