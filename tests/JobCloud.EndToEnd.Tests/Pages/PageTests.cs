using System.Net;
using System.Net.Sockets;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests.Pages;

/// <summary>Every command in README.md and docs/ does what the page says.</summary>
public sealed class PageTests
{
    /// <summary>The address of PostgreSQL in the pages.</summary>
    private const string Store = "Host=/run/postgresql;Database=jobcloud";

    /// <summary>The ports in the pages, which another test may use at this moment.</summary>
    private static readonly string[] Ports = ["8001", "8443", "8444", "8558", "8559"];

    private static readonly string[] Languages =
    [
        "sh", // Its commands are run.
        "python", // Its statements are run by tests/Python/test_guide.py.
        "console", // Commands that are not run: see Excepted.
        "text", // Output.
        "json",
        "hocon",
        "mermaid",
        "yaml",
        "csharp", // Stands in a sample, which is built and run.
    ];

    /// <summary>The first lines of the blocks that are not run: they build, install packages, or
    /// are another machine's.</summary>
    private static readonly string[] Excepted =
    [
        "README.md: dotnet publish src/Node/Daemon -c Release && dotnet publish src/Node/Executor -c Release &&",
        "docs/machines.md: jobcloud ca init --dir ~/ca --name lab",
        "docs/python.md: src/Python/build-packages",
    ];

    private static readonly string Folders =
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";

    public static TheoryData<string> Pages =>
        [.. DocumentationPages.All.Where(page => CommandsOf(page).Count > 0)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_does_what_its_page_says(string page)
    {
        var text = TextOf(page);
        if (text.Contains(Store) && !PostgreSql.IsInstalled)
            return;
        using var store = text.Contains(Store) ? PostgreSql.Start() : null;
        await using var cloud = new Cloud();
        text = text.Replace(Store, store?.Connection ?? Store);
        foreach (var port in Ports)
            text = text.Replace(port, $"{FreePort()}");

        var wrong = await new PageRun(cloud).DifferencesAsync(new Page(text).Commands(IsInstalled));

        Assert.True(wrong.Count == 0, $"{page}\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Only_listed_blocks_are_not_run()
    {
        var blocks = BlocksOf("console").Select(at => $"{at.Page}: {at.Block.Lines[0]}");

        Assert.Equal(Excepted, blocks);
    }

    [Fact]
    public void Every_block_names_a_known_language()
    {
        var unknown = DocumentationPages
            .All.SelectMany(page => new Page(TextOf(page)).Blocks.Select(block => (page, block)))
            .Where(at => !Languages.Contains(at.block.Language));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Blocks_need_only_known_optional_programs()
    {
        var needed = BlocksOf("sh").SelectMany(at => at.Block.Needs).Distinct().Order();

        Assert.Subset(
            new HashSet<string> { "bwrap", "curl", "python3", "sshd" },
            needed.ToHashSet()
        );
    }

    private static IEnumerable<(string Page, PageBlock Block)> BlocksOf(string language) =>
        DocumentationPages
            .All.SelectMany(page => new Page(TextOf(page)).Blocks.Select(block => (page, block)))
            .Where(at => at.block.Language == language);

    private static IReadOnlyList<PageCommand> CommandsOf(string page) =>
        new Page(TextOf(page)).Commands(_ => true);

    private static string TextOf(string page) => File.ReadAllText(SourceTree.PathOf(page));

    private static bool IsInstalled(string program) =>
        Folders.Split(':').Any(folder => File.Exists($"{folder}/{program}"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
