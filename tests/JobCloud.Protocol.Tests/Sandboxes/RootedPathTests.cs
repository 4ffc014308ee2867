using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

public sealed class RootedPathTests
{
    private static readonly ScriptedFiles Files = new ScriptedFiles()
        .Directory("/r")
        .Directory("/r/usr")
        .Directory("/r/usr/bin")
        .File("/r/usr/bin/python3.11")
        .Link("/r/usr/bin/python3", "/usr/bin/python3.11")
        .Link("/r/bin", "/usr/bin")
        .Link("/r/lib", "usr/lib")
        .Link("/r/usr/up", "../../../usr")
        .Link("/r/around", "/about")
        .Link("/r/about", "around")
        .Link("/r/usr/bin/host-only", "/opt/tool")
        .File("/opt/tool")
        .File("/usr/bin/python3.11");

    [Theory]
    [InlineData("/usr/bin/python3", "/r/usr/bin/python3.11")]
    [InlineData("/bin/python3", "/r/usr/bin/python3.11")]
    [InlineData("/lib/x", "/r/usr/lib/x")]
    [InlineData("/usr/./up//bin", "/r/usr/bin")]
    [InlineData("/../../etc", "/r/etc")]
    [InlineData("/usr/bin/host-only", "/r/opt/tool")]
    [InlineData("/", "/r/")]
    [InlineData("/around", null)]
    [InlineData("/around/deeper", null)]
    public void A_link_never_leads_out_of_the_root(string path, string? place) =>
        Assert.Equal(place, RootedPath.Resolve("/r", path, Files));

    [Theory]
    [InlineData("/bin/python3", PathEntryKind.Other)]
    [InlineData("/usr/up", PathEntryKind.Directory)]
    [InlineData("/usr/bin/host-only", PathEntryKind.None)]
    [InlineData("/around", PathEntryKind.None)]
    public void The_kind_is_that_of_the_file_the_job_sees(string path, PathEntryKind kind) =>
        Assert.Equal(kind, RootedPath.KindAt("/r", path, Files));

    [Fact]
    public void The_root_can_be_that_of_the_machine() =>
        Assert.Equal("/usr/bin/x", RootedPath.Resolve("/", "/usr/bin/x", Files));
}
