using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Tests.Hosting;

namespace JobCloud.Node.Tests.Settings;

public sealed class HoconLoaderTests : IDisposable
{
    private const string Key = "jobcloud.scheduler.starvation-limit";
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(0, "5m", "reference.conf")]
    [InlineData(1, "1m", "{home}/jobcloud.conf")]
    [InlineData(2, "2m", "environment JOBCLOUD__SCHEDULER__STARVATION_LIMIT")]
    [InlineData(3, "3m", "--set")]
    public void Each_layer_overrides_the_ones_below(int layers, string value, string origin)
    {
        if (layers >= 1)
            File.WriteAllText($"{_home.Path}/jobcloud.conf", $"{Key} = 1m");
        var environment = new Dictionary<string, string>();
        if (layers >= 2)
            environment["JOBCLOUD__SCHEDULER__STARVATION_LIMIT"] = "2m";
        var loaded = Load(environment, layers >= 3 ? ["--set", $"{Key}=3m"] : []);
        var set = NodeSettings
            .Read(loaded, HostResources.OfThisHost())
            .Listing.Single(entry => entry.Key == Key);
        Assert.Equal((value, origin.Replace("{home}", _home.Path)), (set.Value, set.Origin));
    }

    [Fact]
    public void The_mode_overrides_the_reference_and_the_file_overrides_the_mode()
    {
        File.WriteAllText($"{_home.Path}/jobcloud.conf", "jobcloud.executor.grace = 7s");
        var loaded = Load([], ["--mode", "test"]);
        Assert.Equal("7s", loaded.Values["jobcloud.executor.grace"].Text);
        Assert.Equal("test.conf", loaded.Values["jobcloud.agent.offer-interval"].Origin);
    }

    [Fact]
    public void Settings_of_Akka_are_layered_too()
    {
        File.WriteAllText($"{_home.Path}/jobcloud.conf", "akka.remote.dot-netty.tcp.port = 1");
        Assert.Equal(1, Load([], []).Akka.GetInt("akka.remote.dot-netty.tcp.port"));
        var set = Load([], ["--set", "akka.remote.dot-netty.tcp.port=2"]);
        Assert.Equal(2, set.Akka.GetInt("akka.remote.dot-netty.tcp.port"));
    }

    [Fact]
    public void Values_from_environment_and_arguments_are_literal_unless_lists()
    {
        var loaded = Load(
            new() { ["JOBCLOUD__executor__default_shell"] = "a \"b\" ${c} # {d" },
            ["--set", "jobcloud.executor.inherit-environment=[A, B]"]
        );
        Assert.Equal("a \"b\" ${c} # {d", loaded.Values["jobcloud.executor.default-shell"].Text);
        Assert.Equal(["A", "B"], loaded.Values["jobcloud.executor.inherit-environment"].Items!);
    }

    [Theory]
    [InlineData("/x", "/y", "/z", "/x", "--home")]
    [InlineData(null, "/y", "/z", "/y", "environment JOBCLOUD_HOME")]
    [InlineData(null, null, "/z", "/z/jobcloud", "default")]
    [InlineData(null, null, null, "/root/.local/share/jobcloud", "default")]
    public void The_home_comes_from_option_then_environment_then_default(
        string? option,
        string? named,
        string? data,
        string home,
        string origin
    )
    {
        var environment = new Dictionary<string, string> { ["HOME"] = "/root" };
        if (named is not null)
            environment["JOBCLOUD_HOME"] = named;
        if (data is not null)
            environment["XDG_DATA_HOME"] = data;
        var loaded = HoconLoader.Load(option is null ? [] : ["--home", option], environment);
        Assert.Equal(new SettingValue(home, origin), loaded.Values["jobcloud.home"]);
    }

    [Fact]
    public void The_settings_file_cannot_set_the_home()
    {
        File.WriteAllText($"{_home.Path}/jobcloud.conf", "jobcloud.home = /elsewhere");
        var error = Assert.Single(Load([], []).Errors);
        Assert.Contains("jobcloud.home = \"/elsewhere\"", error.Message);
    }

    [Theory]
    [InlineData("--what", "Unknown option --what")]
    [InlineData("--cores", "--cores: missing value")]
    [InlineData("--set|x", "--set x: expected KEY=VALUE")]
    [InlineData("--set|x y=1", "x y (--set): unknown setting")]
    [InlineData("--set|other.key=1", "other (--set): settings must start with jobcloud or akka")]
    [InlineData("--mode|big", "--mode big: expected one of single, cluster, test")]
    [InlineData("--config|/no/such", "--config /no/such: no such file")]
    public void An_invalid_argument_is_reported(string arguments, string message)
    {
        var error = Assert.Single(Load([], arguments.Split('|')).Errors);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void An_invalid_file_is_reported_with_its_path()
    {
        File.WriteAllText($"{_home.Path}/jobcloud.conf", "jobcloud {\n cores = 1");
        var error = Assert.Single(Load([], []).Errors);
        Assert.Equal($"{_home.Path}/jobcloud.conf, line 1: unclosed \"{{\"", error.Message);
    }

    [Theory]
    [InlineData("jobcloud.conf")]
    [InlineData("conf/jobcloud.conf")]
    public void A_file_that_others_can_change_is_refused(string name)
    {
        var path = $"{_home.Path}/{name}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "jobcloud.node.cores = 1");
        Assert.Empty(Load([], ["--config", path]).Errors);

        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);
        var error = Assert.Single(Load([], ["--config", path]).Errors);
        Assert.Contains(
            $"The settings are not safe: others can change {path} (mode 6",
            error.Message
        );
        Assert.Contains($"run chmod go-w {path}", error.Message);
    }

    [Fact]
    public void A_file_in_a_directory_that_others_can_change_is_refused()
    {
        var folder = Directory.CreateDirectory($"{_home.Path}/conf/in").Parent!.FullName;
        var path = $"{folder}/in/jobcloud.conf";
        File.WriteAllText(path, "jobcloud.node.cores = 1");
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ff);
        var error = Assert.Single(Load([], ["--config", path]).Errors);
        Assert.Contains($"others can change {folder} (mode 777)", error.Message);
    }

    private LoadedSettings Load(Dictionary<string, string> environment, string[] arguments) =>
        HoconLoader.Load(["--home", _home.Path, .. arguments], environment);
}
