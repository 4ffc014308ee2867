using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Tests.Settings;

public sealed class NodeSettingsTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("single")]
    [InlineData("test")]
    public void Every_mode_has_valid_settings(string mode) =>
        Assert.NotNull(_home.Settings("--mode", mode));

    [Fact]
    public void The_executor_defaults_match_the_reference() =>
        Assert.Equal(ExecutorSettings.Defaults(), _home.Settings("--mode", "single").Agent.Limits);

    [Fact]
    public void Cluster_mode_requires_a_connection()
    {
        var e = Assert.Throws<SettingsException>(() => _home.Settings("--mode", "cluster"));
        Assert.Contains("jobcloud.store.connection", Assert.Single(e.Errors).Message);
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var e = Assert.Throws<SettingsException>(() =>
            _home.Settings(
                "--cores=0",
                "--memory=lots",
                "--set=jobcloud.executor.grace=5",
                "--set=jobcloud.store.provider=mysql",
                "--set=jobcloud.executor.inherit-environment=PATH",
                "--set=jobcloud.schedular.policy=priority"
            )
        );
        Assert.Equal(
            [
                "jobcloud.node.cores = \"0\" (--cores): expected auto, or a whole number from 1 to 100000",
                "jobcloud.node.memory = \"lots\" (--memory): expected auto, or a size such as 512MiB, 2GiB",
                "jobcloud.store.provider = \"mysql\" (--set): expected one of sqlite, postgresql",
                "jobcloud.executor.grace = \"5\" (--set): expected a duration such as 200ms, 5s, 2m",
                "jobcloud.executor.inherit-environment = \"PATH\" (--set): expected a list such as [a, b]",
                "jobcloud.schedular.policy = \"priority\" (--set): unknown setting",
            ],
            e.Errors.Select(error => error.Message)
        );
    }

    [Fact]
    public void A_node_without_the_role_worker_offers_nothing()
    {
        var settings = _home.Settings("--role=control");
        Assert.Equal(["control"], settings.Agent.Roles);
        Assert.Equal(0, settings.Agent.Capacity.Cores);
        Assert.Equal(4, _home.Settings().Agent.Capacity.Cores);
    }

    [Theory]
    [InlineData("--role=worker", "jobcloud.node.roles")]
    [InlineData("--set=jobcloud.cluster.form-after=399ms", "jobcloud.cluster.form-after")]
    public void Settings_that_would_lose_state_or_split_the_cloud_are_refused(
        string argument,
        string key
    )
    {
        var e = Assert.Throws<SettingsException>(() => _home.Settings(argument));
        Assert.StartsWith(key, Assert.Single(e.Errors).Message);
    }

    [Theory]
    [InlineData("200ms", 0.2)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2 m", 120)]
    [InlineData("1h", 3600)]
    public void A_duration_is_read_with_its_unit(string text, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            _home
                .Settings($"--set=jobcloud.segments.passivate-after={text}")
                .Segments.PassivateAfter
        );

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("3MB", 3_000_000)]
    public void A_size_is_read_with_its_unit_or_as_bytes(string text, long bytes) =>
        Assert.Equal(bytes, _home.Settings($"--memory={text}").Node.MemoryBytes);

    [Fact]
    public void Off_is_zero_and_auto_is_the_machines_value()
    {
        var settings = _home.Settings("--set=jobcloud.executor.fence-after=off");
        Assert.Equal(TimeSpan.Zero, settings.Agent.FenceAfter);
        Assert.Equal(4, settings.Node.Cores);
        Assert.Equal("here", settings.Node.Name);
    }

    [Fact]
    public void A_core_type_can_be_added()
    {
        var settings = _home.Settings("--set=jobcloud.core-types.g9.memory-per-core=1GiB");
        Assert.Equal(1L << 30, settings.Limits.CoreTypes.Find("g9")!.MemoryPerCoreBytes);
        Assert.Equal("", settings.Limits.CoreTypes.Default);
        Assert.Throws<SettingsException>(() =>
            _home.Settings("--set=jobcloud.core-types.g9.color=red")
        );
    }

    [Fact]
    public void Environments_and_volumes_are_read_from_the_settings()
    {
        File.WriteAllText(
            $"{_home.Path}/jobcloud.conf",
            """
            jobcloud.environments.tex {
              variables { TEXMFHOME = /srv/texmf }
              path = [/opt/a, /opt/b]
              setup = "ulimit -c 0"
              root = /srv/root
              read-only = on
            }
            jobcloud.volumes.data { directory = /srv/data, mount-path = /data }
            """
        );

        var definitions = _home.Settings().Definitions.Fixed;

        Assert.Equal(
            [
                new Definition
                {
                    Environment = new EnvironmentDefinition
                    {
                        Name = "tex",
                        Variables =
                        {
                            new Variable { Name = "TEXMFHOME", Value = "/srv/texmf" },
                        },
                        Path = { "/opt/a", "/opt/b" },
                        Setup = "ulimit -c 0",
                        Root = "/srv/root",
                        ReadOnly = true,
                    },
                    Fixed = true,
                },
                new Definition
                {
                    Volume = new VolumeDefinition
                    {
                        Name = "data",
                        Directory = "/srv/data",
                        MountPath = "/data",
                    },
                    Fixed = true,
                },
            ],
            definitions
        );
    }

    [Fact]
    public void All_errors_of_environments_and_volumes_are_reported_at_once()
    {
        var e = Assert.Throws<SettingsException>(() =>
            _home.Settings(
                "--set=jobcloud.environments.tex.color=red",
                "--set=jobcloud.environments.py.read-only=maybe",
                "--set=jobcloud.volumes.data.directory=here"
            )
        );
        Assert.Equal(
            [
                "jobcloud.environments.py.read-only = \"maybe\" (--set): expected on or off",
                "jobcloud.volumes.data: The directory 'here' is not absolute; start it with /.",
                "jobcloud.volumes.data: The mount path '' is not absolute; start it with /.",
                "jobcloud.environments.tex.color = \"red\" (--set): unknown setting",
            ],
            e.Errors.Select(error => error.Message)
        );
    }

    [Fact]
    public void The_defaults_match_those_of_the_protocol()
    {
        var limits = _home.Settings().Limits;
        Assert.Equal(CoreTypes.Presets.All, limits.CoreTypes.All);
        var preset = new SubmissionLimits(limits.CoreTypes);
        Assert.Equal(preset, limits);
        Assert.Equivalent(new DefinitionLimits(), _home.Settings().Definitions.Limits);
    }

    [Fact]
    public void The_default_core_type_must_exist()
    {
        var settings = _home.Settings("--set=jobcloud.default-core-type=m1");
        Assert.Equal("m1", settings.Limits.CoreTypes.Default);
        Assert.Throws<SettingsException>(() =>
            _home.Settings("--set=jobcloud.default-core-type=x9")
        );
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused()
    {
        var e = Assert.Throws<SettingsException>(() =>
            _home.Settings($"--set=jobcloud.gateway.socket=/{new string('x', 107)}")
        );
        Assert.Contains("at most 107 bytes", e.Message);
    }

    [Fact]
    public void The_listing_has_keys_and_origins_but_no_secrets()
    {
        var listing = _home.Settings("--set=jobcloud.store.connection=Password=hush").Listing;
        Assert.Equal(
            listing.Select(entry => entry.Key).Order(StringComparer.Ordinal),
            listing.Select(entry => entry.Key)
        );
        var home = listing.Single(entry => entry.Key == "jobcloud.home");
        Assert.Equal((_home.Path, "--home"), (home.Value, home.Origin));
        Assert.DoesNotContain(listing, entry => entry.Value.Contains("hush"));
    }
}
