using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

public sealed class BubblewrapTests
{
    private const string Home = "/home/ann/jc";
    private const string Own = Home + "/attempts/0/7.1.d";

    private static readonly ScriptedFiles Files = new ScriptedFiles()
        .Directory("/", mayWrite: false)
        .Directory("/home", mayWrite: false)
        .Directory("/mnt", mayWrite: true)
        .Directory("/proc")
        .Directory("/data")
        .Link("/bin", "usr/bin")
        .Directory("/usr")
        .Directory("/root-rw", mayWrite: true)
        .Directory("/root-rw/usr")
        .Directory("/root-ro", mayWrite: true)
        .Directory("/root-ro/proc")
        .Directory("/root-ro/dev")
        .Directory("/root-ro/tmp")
        .Directory("/root-ro/home")
        .Directory("/root-ro/home/bob");

    [Fact]
    public void A_private_network_keeps_the_root_of_the_machine() =>
        Assert.Equal(
            $"--dev-bind / / --unshare-net --chdir {Own} --info-fd 4 --",
            Options(new Sandbox("", false, [], true))
        );

    [Fact]
    public void A_volume_is_bound_at_an_existing_or_new_mount_point() =>
        Assert.Equal(
            $"--dev-bind / / --ro-bind /srv/v /data --bind /srv/w /mnt/w --chdir {Own} --info-fd 4 --",
            Options(
                new Sandbox(
                    "",
                    false,
                    [Volume("/srv/w", "/mnt/w"), Volume("/srv/v", "/data", readOnly: true)],
                    false
                )
            )
        );

    [Fact]
    public void A_directory_without_a_mount_point_is_replaced_in_memory() =>
        Assert.Equal(
            "--symlink usr/bin /bin --dev-bind /data /data --dev-bind /home /home "
                + "--dev-bind /mnt /mnt --dev-bind /proc /proc --dev-bind /root-ro /root-ro "
                + "--dev-bind /root-rw /root-rw --dev-bind /usr /usr "
                + $"--bind /srv/v /new --remount-ro / --chdir {Own} --info-fd 4 --",
            Options(new Sandbox("", false, [Volume("/srv/v", "/new")], false))
        );

    [Fact]
    public void A_writable_root_gets_its_mount_points() =>
        Assert.Equal(
            $"--bind /root-rw / --dev /dev --tmpfs {Home} --bind {Own} {Own} --proc /proc "
                + $"--chdir {Own} --info-fd 4 --",
            Options(new Sandbox("/root-rw", false, [], false))
        );

    [Fact]
    public void A_read_only_root_stays_unchanged() =>
        Assert.Equal(
            "--ro-bind /root-ro / --tmpfs /home --ro-bind /root-ro/home/bob /home/bob "
                + $"--dev /dev --tmpfs {Home} --bind {Own} {Own} --proc /proc --tmpfs /tmp "
                + $"--remount-ro /home --chdir {Own} --info-fd 4 --",
            Options(new Sandbox("/root-ro", true, [], false))
        );

    [Fact]
    public void A_nested_mount_comes_after_the_outer_one() =>
        Assert.Equal(
            "--dev-bind / / --bind /srv/v /mnt/v --ro-bind /srv/w /mnt/v/in/w --chdir /mnt/v/in "
                + "--info-fd 4 --",
            Options(
                new Sandbox(
                    "",
                    false,
                    [Volume("/srv/w", "/mnt/v/in/w", readOnly: true), Volume("/srv/v", "/mnt/v")],
                    false
                ),
                "/mnt/v/in"
            )
        );

    [Fact]
    public void The_files_of_JobCloud_are_bound_into_a_root() =>
        Assert.Equal(
            $"--bind /root-rw / --dev /dev --bind {Home}/run/s /dev/log --tmpfs {Home} "
                + $"--bind {Own} {Own} --ro-bind {Home}/open/python {Home}/open/python --proc /proc "
                + $"--chdir {Own} --info-fd 4 --",
            Options(
                new Sandbox("/root-rw", false, [], false),
                Own,
                new SandboxFile($"{Home}/run/s", "/dev/log", ReadOnly: false),
                new SandboxFile($"{Home}/open/python", $"{Home}/open/python", ReadOnly: true)
            )
        );

    [Fact]
    public void A_working_directory_in_a_volume_is_not_bound_again() =>
        Assert.DoesNotContain(
            "--bind /mnt/v/in",
            Options(
                new Sandbox("/root-rw", false, [Volume("/srv/v", "/mnt/v")], false),
                "/mnt/v/in"
            )
        );

    [Fact]
    public void A_job_outlives_its_executor_and_keeps_its_session()
    {
        var words = Options(new Sandbox("/root-ro", true, [Volume("/a", "/b")], true));
        Assert.DoesNotContain("--die-with-parent", words);
        Assert.DoesNotContain("--new-session", words);
        Assert.DoesNotContain("--unshare-pid", words);
    }

    [Theory]
    [InlineData("/data/x", "/srv/v/x")]
    [InlineData("/data", "/srv/v")]
    [InlineData("/data/deep/y", "/srv/w/y")]
    [InlineData("/work/out", "/work/out")]
    [InlineData("/etc/passwd", "/r/etc/passwd")]
    [InlineData("/database", "/r/database")]
    [InlineData("/out/x", "/r/var/out/x")]
    public void A_path_in_the_sandbox_maps_to_a_path_on_the_machine(string path, string outside)
    {
        var sandbox = new Sandbox(
            "/r",
            false,
            [Volume("/srv/v", "/data"), Volume("/srv/w", "/data/deep")],
            false
        );
        var files = new ScriptedFiles().Link("/r/out", "/var/out");
        Assert.Equal(outside, sandbox.Outside(path, "/work", files));
    }

    [Fact]
    public void A_job_without_isolation_needs_no_sandbox()
    {
        Assert.Null(
            Sandbox.Of(
                new JobSpec { EnvironmentDefinition = new EnvironmentDefinition { Setup = "true" } }
            )
        );
        Assert.False(Sandbox.Of(new JobSpec { IsolateNetwork = true })!.HasMounts);
    }

    private static string Options(
        Sandbox sandbox,
        string directory = Own,
        params SandboxFile[] files
    ) => string.Join(' ', Bubblewrap.Options(sandbox, directory, new(Home, files), Files));

    private static VolumeDefinition Volume(
        string directory,
        string mountPath,
        bool readOnly = false
    ) =>
        new()
        {
            Name = directory,
            Directory = directory,
            MountPath = mountPath,
            ReadOnly = readOnly,
        };
}
