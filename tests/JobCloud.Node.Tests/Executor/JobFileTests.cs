using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Files that a job may replace with a link after their path was resolved.</summary>
public sealed class JobFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("file", true)]
    [InlineData("link", false)]
    [InlineData("folder/file", false)]
    [InlineData("../beside", false)]
    public void A_file_beneath_a_directory_is_opened_without_following_links(
        string path,
        bool isOpened
    )
    {
        var inside = Directory.CreateDirectory($"{_folder}/in").FullName;
        var outside = Directory.CreateDirectory($"{_folder}/out").FullName;
        File.WriteAllText($"{inside}/file", "own");
        File.WriteAllText($"{outside}/file", "secret");
        File.WriteAllText($"{_folder}/beside", "secret");
        File.CreateSymbolicLink($"{inside}/link", $"{outside}/file");
        File.CreateSymbolicLink($"{inside}/folder", outside);

        using var file = JobFile.OpenBeneath(inside, path, out var error);

        Assert.Equal(isOpened, file is not null);
        Assert.Equal(isOpened, error == 0);
    }
}
