using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Tests.Hosting;

public sealed class NodeProgramTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Invalid_settings_exit_2_with_one_line_each()
    {
        Assert.Equal(NodeExitCodes.Usage, await RunAsync("--cores=none", "--what"));
        Assert.Equal(
            [
                "Invalid settings:",
                "  Unknown option --what",
                "  jobcloud.node.cores = \"none\" (--cores): expected auto, or a whole number from 1 to 100000",
            ],
            Lines
        );
    }

    [Fact]
    public async Task A_file_that_is_not_a_store_exits_4_with_one_sentence()
    {
        var paths = _home.Settings().Paths;
        Directory.CreateDirectory(paths.Store);
        await File.WriteAllTextAsync(paths.Journal, "dear diary");
        Assert.Equal(NodeExitCodes.NeedsRepair, await RunAsync());
        Assert.Equal(
            $"The store {paths.Journal} is not a database and was left unchanged; move it away "
                + "and start again.",
            Assert.Single(Lines)
        );
    }

    private string[] Lines => _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<int> RunAsync(params string[] arguments) =>
        NodeProgram.RunAsync(
            ["--home", _home.Path, .. arguments],
            new Dictionary<string, string>(),
            TextWriter.Null,
            _error
        );
}
