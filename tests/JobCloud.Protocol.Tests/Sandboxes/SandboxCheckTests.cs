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
    [InlineData("/none", "root /none of environment e does not exist or is not accessible")]
    [InlineData("/file", "root /file of environment e is not an accessible directory")]
    [InlineData("/empty", "root /empty of environment e has no /bin/sh, which starts jobs")]
    public void A_root_must_be_a_directory_with_a_shell(string root, string? problem) =>
        Assert.Equal(
            problem,
            SandboxCheck.OfFiles(new EnvironmentDefinition { Name = "e", Root = root }, [], Files)
        );

    [Theory]
    [InlineData("/data", null)]
    [InlineData("/none", "directory /none of volume v does not exist or is not accessible")]
    [InlineData("/file", "directory /file of volume v is not an accessible directory")]
    public void A_volume_must_be_a_directory(string directory, string? problem) =>
        Assert.Equal(problem, SandboxCheck.OfFiles(null, [Volume("v", directory, "/mnt")], Files));

    [Fact]
    public void Two_volumes_cannot_share_a_mount_path()
    {
        Assert.Null(SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("b", "/x", "/n")]));
        Assert.Equal(
            "volumes a and b have the same mount path /m",
            SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("b", "/y", "/m")])
        );
        Assert.Equal(
            "volume a is given twice",
            SandboxCheck.OfVolumes([Volume("a", "/x", "/m"), Volume("a", "/x", "/m")])
        );
    }

    [Theory]
    [InlineData(true, false, "", "", null)]
    [InlineData(true, true, "", "no namespace", "private networks are unavailable: no namespace")]
    [InlineData(true, false, "", "no namespace", null)]
    [InlineData(
        true,
        false,
        "no bwrap",
        "no bwrap",
        "root file systems and volumes are unavailable: no bwrap"
    )]
    [InlineData(false, true, "no bwrap", "", null)]
    public void A_missing_feature_matters_only_to_jobs_that_need_it(
        bool hasVolume,
        bool isolatesNetwork,
        string noSandbox,
        string noNetwork,
        string? problem
    ) =>
        Assert.Equal(
            problem,
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
