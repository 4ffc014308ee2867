using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

public sealed class SandboxCheckTests
{
    private static readonly ScriptedFiles Files = new ScriptedFiles()
        .Directory("/good")
        .File("/good/bin/sh")
        .File("/linked/usr/bin/dash")
        .Link("/linked/bin", "/usr/bin")
        .Link("/linked/usr/bin/sh", "/usr/bin/dash")
        .Directory("/linked")
        .Directory("/empty")
        .File("/file")
        .Directory("/data");

    [Theory]
    [InlineData("/good", null)]
    [InlineData("/linked", null)]
    [InlineData("/none", "root /none of environment e does not exist or may not be seen")]
    [InlineData("/file", "root /file of environment e is not a directory that may be entered")]
    [InlineData(
        "/empty",
        "root /empty of environment e holds no /bin/sh, by which jobs are started"
    )]
    public void A_root_is_a_directory_with_a_shell(string root, string? trouble) =>
        Assert.Equal(
            trouble,
            SandboxCheck.OfFiles(new EnvironmentDefinition { Name = "e", Root = root }, [], Files)
        );

    [Theory]
    [InlineData("/data", null)]
    [InlineData("/none", "directory /none of volume v does not exist or may not be seen")]
    [InlineData("/file", "directory /file of volume v is not a directory that may be entered")]
    public void A_volume_is_a_directory(string directory, string? trouble) =>
        Assert.Equal(trouble, SandboxCheck.OfFiles(null, [Volume("v", directory, "/mnt")], Files));

    [Fact]
    public void Two_volumes_cannot_lie_at_one_place()
    {
        Assert.Null(SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("b", "/x", "/n")]));
        Assert.Equal(
            "volumes a and b have the same mount path /m",
            SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("b", "/y", "/m")])
        );
        Assert.Equal(
            "volume a is named twice",
            SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("a", "/x", "/m")])
        );
    }

    [Theory]
    [InlineData(true, false, "", "", null)]
    [InlineData(true, true, "", "no namespace", "a network of its own cannot be had: no namespace")]
    [InlineData(true, false, "", "no namespace", null)]
    [InlineData(
        true,
        false,
        "no bwrap",
        "no bwrap",
        "a root file system or volume cannot be had: no bwrap"
    )]
    [InlineData(false, true, "no bwrap", "", null)]
    public void What_a_machine_lacks_matters_to_those_who_need_it(
        bool hasVolume,
        bool isolatesNetwork,
        string noSandbox,
        string noNetwork,
        string? trouble
    ) =>
        Assert.Equal(
            trouble,
            SandboxCheck.OfMachine(
                new Sandbox("", false, hasVolume ? [Volume("v", "/a", "/b")] : [], isolatesNetwork),
                new Isolation { NoSandbox = noSandbox, NoPrivateNetwork = noNetwork }
            )
        );

    private static VolumeDefinition Volume(string name, string directory, string mountPath) =>
        new()
        {
            Name = name,
            Directory = directory,
            MountPath = mountPath,
        };
}
