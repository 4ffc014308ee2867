using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class FilesScreenTests
{
    private readonly List<FilesRequest> _asked = [];

    [Fact]
    public void The_files_of_a_job_are_listed_and_directories_opened()
    {
        var stage = Open();
        Assert.Contains("jobs › files 1", stage.Text);
        Assert.Matches(@"model/", stage.Text);
        stage.Press("Enter");
        Assert.Equal("model", _asked[^1].Path);
        Assert.Matches(@"weights\.bin\s+3", stage.Text);
        stage.Press("Esc");
        Assert.Equal("", _asked[^1].Path);
    }

    [Fact]
    public async Task A_file_is_saved_where_the_user_says_and_an_error_keeps_the_path()
    {
        var path = Path.Combine(Path.GetTempPath(), $"jobcloud-{Guid.NewGuid():N}");
        try
        {
            var stage = Open().Press("Enter Enter ^U").Type(path).Press("Enter");
            await Testing.Eventually.HoldsAsync(
                () => stage.Advance(TimeSpan.Zero).Text.Contains("Saved"),
                "the file is written"
            );
            Assert.Equal("abc", File.ReadAllText(path));
            stage.Press("Enter ^U").Type(path).Press("Enter");
            await Testing.Eventually.HoldsAsync(
                () => stage.Advance(TimeSpan.Zero).Text.Contains("Cannot write"),
                "the error is shown"
            );
            Assert.NotNull(stage.Window.Overlay);
            Assert.Contains("Cannot write", stage.Text);
            Assert.Contains(path[^20..], stage.Text);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_directory_is_fetched_by_the_command()
    {
        var stage = Open().Press("w Enter");
        var child = Assert.IsType<Effect.RunChild>(stage.Window.Effects.Dequeue());
        Assert.Equal(["files", "1", "--output-dir", "job-1"], child.Arguments);
    }

    private UiHarness Open()
    {
        var stage = new UiHarness().Receive(
            new FeedNews { Full = true, Rows = { Samples.Job(1, Status.Done) } }
        );
        stage.Cloud.Files = Answer;
        return stage.Press("f").Advance(TimeSpan.FromSeconds(1));
    }

    private IEnumerable<FilesReply> Answer(FilesRequest request)
    {
        _asked.Add(request);
        yield return request.Path switch
        {
            "" => new FilesReply
            {
                IsDirectory = true,
                Entries =
                {
                    new FileEntry { Name = "model", Kind = FileKind.Directory },
                },
            },
            "model" => new FilesReply
            {
                IsDirectory = true,
                Entries =
                {
                    new FileEntry { Name = "weights.bin", Size = 3 },
                },
            },
            _ => new FilesReply { Data = ByteString.CopyFromUtf8("abc") },
        };
    }
}
