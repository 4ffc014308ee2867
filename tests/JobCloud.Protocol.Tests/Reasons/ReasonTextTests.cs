using FsCheck.Xunit;
using JobCloud.Protocol.Reasons;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Reasons;

[Properties(Arbitrary = [typeof(JobGenerators)])]
public sealed class ReasonTextTests
{
    [Property]
    public void Every_reason_except_none_has_a_sentence(Reason reason) =>
        Assert.Equal(reason.Code == ReasonCode.None, ReasonText.For(reason).Length == 0);

    [Fact]
    public void Every_code_has_a_unique_name()
    {
        var names = Enum.GetValues<ReasonCode>().Select(ReasonText.CodeName).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain("unknown", names);
    }

    [Theory]
    [InlineData(ReasonCode.Exit, 3, "", "exit 3")]
    [InlineData(ReasonCode.Signal, 11, "", "signal 11 (segmentation fault)")]
    [InlineData(ReasonCode.Signal, 64, "", "signal 64")]
    [InlineData(
        ReasonCode.LeftCgroup,
        0,
        "",
        "the job's processes left its cgroup, and so its limits"
    )]
    [InlineData(ReasonCode.OutOfMemory, 0, "", "out of memory: the machine had no memory left")]
    [InlineData(ReasonCode.ProcessLimit, 4096, "", "the job reached its limit of 4096 processes")]
    [InlineData(
        ReasonCode.OutOfMemory,
        300 << 20,
        "--memory",
        "out of memory: the job used its 300 MiB (--memory); give it more with --memory 1G"
    )]
    [InlineData(
        ReasonCode.OutOfMemory,
        512 << 20,
        "-t c9",
        "out of memory: the job used its 512 MiB (-t c9); give it more with --memory 1G"
    )]
    [InlineData(
        ReasonCode.OutOfMemory,
        1 << 30,
        "",
        "out of memory: the job used its 1 GiB; give it more with --memory 2G"
    )]
    [InlineData(ReasonCode.MaxRuntime, 60_000, "", "max runtime 1 min exceeded")]
    [InlineData(ReasonCode.KilledBy, 0, "ada", "killed by ada")]
    [InlineData(ReasonCode.Dependency, 7, "error", "dependency 7 failed (error)")]
    [InlineData(ReasonCode.NodeLost, 0, "n2", "node n2 lost")]
    [InlineData(ReasonCode.CannotStart, 0, "no such file", "cannot start: no such file")]
    public void A_reason_formats_as_its_sentence(
        ReasonCode code,
        long number,
        string text,
        string sentence
    )
    {
        var reason = new Reason
        {
            Code = code,
            Number = number,
            Text = text,
        };
        Assert.Equal(sentence, ReasonText.For(reason));
    }
}
