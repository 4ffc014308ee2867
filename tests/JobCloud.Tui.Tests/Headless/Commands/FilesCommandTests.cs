using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class FilesCommandTests : CommandTest
{
    private readonly Dictionary<string, FilesReply[]> _files = new()
    {
        [""] =
        [
            Directory(new FileEntry { Name = "data", Size = 4 }),
            Directory(
                new() { Name = "link", Kind = FileKind.Link },
                new() { Name = "sub", Kind = FileKind.Directory },
                new() { Name = "../evil", Size = 1 }
            ),
        ],
        ["data"] = [File([1, 255]), File([0, 10])],
        ["sub"] = [Directory(new FileEntry { Name = "inner" }, new FileEntry { Name = "gone" })],
        ["sub/inner"] = [File([])],
    };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Files = request =>
            _files.GetValueOrDefault(request.Path)
            ?? throw ScriptedCloud.Refusal(RefusalCode.NotFound, $"{request.Path} is gone.", 7);
    }

    [Fact]
    public async Task The_directory_is_listed()
    {
        var ran = await RunAsync("-o", "no-header", "files", "7");
        Assert.Equal(0, ran.Code);
        var rows = ran.Output.Split('\n').Select(row => row.Split(' ')[0]);
        Assert.Equal(["data", "link@", "sub/", "../evil", ""], rows);
    }

    [Fact]
    public async Task The_list_is_JSON()
    {
        var files = (await RunAsync("-o", "json", "files", "7")).Json.GetProperty("files");
        Assert.Equal(4, files.GetArrayLength());
        Assert.Equal("directory", files[2].GetProperty("kind").GetString());
        Assert.Equal(4, files[0].GetProperty("size").GetInt64());
        Assert.Equal(2, (await RunAsync("-o", "json", "files", "7", "data")).Code);
    }

    [Fact]
    public async Task A_file_is_printed_byte_for_byte()
    {
        var ran = await RunAsync("files", "7", "data", "--attempt", "2");
        Assert.Equal([1, 255, 0, 10], ran.Bytes);
        Assert.Equal(
            new FilesRequest
            {
                Jid = 7,
                Attempt = 2,
                Path = "data",
            },
            Cloud.The<FilesRequest>()
        );
    }

    [Fact]
    public async Task A_directory_is_fetched_without_links_and_never_to_another_place()
    {
        var ran = await RunAsync("files", "7", "--output-dir", "out");
        Assert.Equal((0, ""), (ran.Code, ran.Output));
        var folder = $"{Paths.Home}/out";
        Assert.Equal([1, 255, 0, 10], await System.IO.File.ReadAllBytesAsync($"{folder}/data"));
        Assert.Equal("", await System.IO.File.ReadAllTextAsync($"{folder}/sub/inner"));
        Assert.False(System.IO.File.Exists($"{Paths.Home}/evil"));
        Assert.False(System.IO.Path.Exists($"{folder}/link"));
        foreach (var skipped in new[] { "link", "../evil", "sub/gone" })
            Assert.Contains(skipped, ran.Error);
        Assert.Contains("Fetched 2 files", ran.Error);
    }

    [Fact]
    public async Task An_empty_directory_says_where_the_job_ran()
    {
        _files[""] = [new FilesReply { IsDirectory = true, Elsewhere = "/project on node n1" }];
        var ran = await RunAsync("files", "7");
        Assert.Equal(0, ran.Code);
        Assert.Contains(
            "Job 7 left nothing in its own directory; it ran in /project on node n1.",
            ran.Error
        );
    }

    [Fact]
    public async Task A_refusal_is_printed()
    {
        var ran = await RunAsync("files", "7", "nowhere");
        Assert.Equal((3, "nowhere is gone.\n"), (ran.Code, ran.Error));
    }

    private static FilesReply Directory(params FileEntry[] entries) =>
        new()
        {
            Attempt = 1,
            IsDirectory = true,
            Entries = { entries },
        };

    private static FilesReply File(byte[] data) =>
        new() { Attempt = 1, Data = ByteString.CopyFrom(data) };
}
