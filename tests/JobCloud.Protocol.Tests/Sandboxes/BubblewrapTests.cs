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
        .Directory("/dev")
        .Directory("/sys")
        .Link("/alias", "/home")
        .Directory("/home/ann")
        .Directory(Home)
        .Directory(Own)
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

    private const string Kernel = "--dev /dev";
    private const string Proc = "--proc /proc --ro-bind /proc/sys /proc/sys";
    private const string Sys = "--ro-bind /sys /sys";
    private const string OwnHome = $"--tmpfs {Home} --bind {Own} {Own}";
    private const string End = $"--unshare-ipc --unshare-uts --cap-drop ALL --chdir {Own}";

    [Fact]
    public void A_private_network_keeps_the_root_of_the_machine_without_the_home() =>
        Assert.Equal(
            $"--bind / / {Kernel} {OwnHome} {Proc} {Sys} "
                + $"--unshare-ipc --unshare-uts --unshare-net --cap-drop ALL --chdir {Own}",
            Options(new Sandbox("", false, [], true))
        );

    [Fact]
    public void A_volume_is_bound_at_an_existing_or_new_mount_point() =>
        Assert.Equal(
            $"--bind / / --ro-bind /srv/v /data {Kernel} {OwnHome} --bind /srv/w /mnt/w {Proc} "
                + $"{Sys} {End}",
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
            "--symlink /home /alias --symlink usr/bin /bin --bind /data /data --bind /dev /dev --bind /home /home "
                + "--bind /mnt /mnt --bind /proc /proc --bind /root-ro /root-ro "
                + "--bind /root-rw /root-rw --bind /sys /sys --bind /usr /usr "
                + $"{Kernel} {OwnHome} --bind /srv/v /new {Proc} {Sys} --remount-ro / {End}",
            Options(new Sandbox("", false, [Volume("/srv/v", "/new")], false))
        );

    [Fact]
    public void A_writable_root_gets_its_mount_points() =>
        Assert.Equal(
            $"--bind /root-rw / {Kernel} {OwnHome} {Proc} {End}",
            Options(new Sandbox("/root-rw", false, [], false))
        );

    [Fact]
    public void A_read_only_root_stays_unchanged() =>
        Assert.Equal(
            "--ro-bind /root-ro / --tmpfs /home --ro-bind /root-ro/home/bob /home/bob "
                + $"{Kernel} {OwnHome} {Proc} --tmpfs /tmp --remount-ro /home {End}",
            Options(new Sandbox("/root-ro", true, [], false))
        );

    [Fact]
    public void A_nested_mount_comes_after_the_outer_one() =>
        Assert.Contains(
            "--bind /srv/v /mnt/v --ro-bind /srv/w /mnt/v/in/w ",
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
    public void The_files_of_JobCloud_are_bound_into_every_sandbox() =>
        Assert.Equal(
            $"--bind /root-rw / {Kernel} --bind {Home}/run/s /dev/log {OwnHome} "
                + $"--ro-bind {Home}/open/python {Home}/open/python {Proc} {End}",
            Options(
                new Sandbox("/root-rw", false, [], false),
                Own,
                new SandboxFile($"{Home}/run/s", "/dev/log", ReadOnly: false),
                new SandboxFile($"{Home}/open/python", $"{Home}/open/python", ReadOnly: true)
            )
        );

    [Theory]
    [InlineData("", "/home", "/data", "--tmpfs /data/ann/jc")]
    [InlineData("/home", "/srv/v", "/mnt/w", "--tmpfs /ann/jc")]
    [InlineData("", "/alias", "/data", "--tmpfs /data/ann/jc")]
    public void The_home_is_hidden_wherever_a_directory_would_show_it(
        string root,
        string directory,
        string at,
        string expected
    ) =>
        Assert.Contains(
            expected,
            Options(new Sandbox(root, false, [Volume(directory, at)], false)) + " "
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
    }

    [Fact]
    public void The_anchor_of_the_pid_namespace_sees_what_the_job_sees_but_devices()
    {
        var options = Words(new Sandbox("/root-ro", true, [Volume("/a", "/b")], true), Own);
        var anchor = Bubblewrap.AnchorOptions(options);
        Assert.Equal(options.Count, anchor.Count);
        Assert.Equal([("--dev", "--tmpfs")], options.Zip(anchor).Where(p => p.First != p.Second));
    }

    [Theory]
    [InlineData("/data/x", "/srv/v/x")]
    [InlineData("/data", "/srv/v")]
    [InlineData("/data/deep/y", "/srv/w/y")]
    [InlineData("/work/out", "/work/out")]
    [InlineData("/etc/passwd", "/r/etc/passwd")]
    [InlineData("/database", "/r/database")]
    [InlineData("/out/x", "/r/var/out/x")]
    [InlineData("/into-volume/x", "/srv/v/x")]
    [InlineData("/data/to-shadow", "/r/etc/shadow")]
    [InlineData("/data/up/../x", "/r/x")]
    [InlineData(Own + "/y", Own + "/y")]
    [InlineData(Home + "/store/journal.db", null)]
    [InlineData("/work/to-home", null)]
    [InlineData("/proc/1/environ", null)]
    [InlineData("/around", null)]
    public void A_path_is_found_where_the_job_sees_it(string path, string? outside)
    {
        var sandbox = new Sandbox(
            "/r",
            false,
            [Volume("/srv/v", "/data"), Volume("/srv/w", "/data/deep")],
            false
        );
        var files = new ScriptedFiles()
            .Directory(Own)
            .Link("/r/out", "/var/out")
            .Link("/r/into-volume", "/data")
            .Link("/srv/v/to-shadow", "/etc/shadow")
            .Link("/srv/v/up", "/etc")
            .Link("/work/to-home", Home + "/run/executor.lock")
            .Link("/r/around", "/around");
        var parts = SandboxView.Parts(sandbox, "/work", Own, Home, files);
        Assert.Equal(outside, SandboxView.Find(parts, path, files)?.Full);
    }

    [Theory]
    [InlineData(Home, "/m", "directory /home/ann/jc of volume /home/ann/jc is in JOBCLOUD_HOME")]
    [InlineData(Home + "/tls", "/m", "directory /home/ann/jc/tls of volume")]
    [InlineData("/alias/ann/jc/tls", "/m", "directory /alias/ann/jc/tls of volume")]
    [InlineData("/srv", "/m", null)]
    public void No_directory_of_the_home_can_be_a_volume(
        string directory,
        string at,
        string? problem
    )
    {
        var sandbox = new Sandbox("", false, [Volume(directory, at)], false);
        var found = SandboxCheck.OfHome(sandbox, Own, Own, Home, Files);
        if (problem is null)
            Assert.Null(found);
        else
            Assert.StartsWith(problem, found);
    }

    [Fact]
    public void A_working_directory_is_not_in_the_home()
    {
        var sandbox = new Sandbox("", false, [], true);
        Assert.Equal(
            $"working directory {Home}/tls is in JOBCLOUD_HOME, which no sandbox shows",
            SandboxCheck.OfHome(sandbox, $"{Home}/tls", Own, Home, Files)
        );
        Assert.Null(SandboxCheck.OfHome(sandbox, Own, Own, Home, Files));
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
    ) => string.Join(' ', Words(sandbox, directory, files));

    private static IReadOnlyList<string> Words(
        Sandbox sandbox,
        string directory,
        params SandboxFile[] files
    ) => Bubblewrap.Options(sandbox, directory, new(Home, Own, files), Files);

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
