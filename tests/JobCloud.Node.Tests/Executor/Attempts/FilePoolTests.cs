using System.Runtime.Versioning;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Tests.Executor.Attempts;

[SupportedOSPlatform("linux")]
public sealed class FilePoolTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const long Now = 100_000;
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("jx");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void An_unused_file_is_reused()
    {
        var filePool = Open(restMs: 0);

        Assert.True(Give(filePool, MakeFile("out")));

        var taken = filePool.TakeFile(Now);
        Assert.True(File.Exists(taken));
        Assert.Null(filePool.TakeFile(Now));
        Assert.True(Give(filePool, taken!));
        Assert.Equal(taken, filePool.TakeFile(Now));
    }

    [Fact]
    public void A_file_is_not_reused_before_it_has_rested()
    {
        var filePool = Open(restMs: 60_000);

        Assert.True(Give(filePool, MakeFile("out")));

        Assert.Null(filePool.TakeFile(Now));
    }

    [Fact]
    public void A_file_with_changed_mode_or_a_second_link_is_not_reused()
    {
        var filePool = Open(restMs: 0);
        var opened = MakeFile("opened");
        File.SetUnixFileMode(opened, Own | UnixFileMode.OtherRead);
        var linked = MakeFile("linked");
        System.Diagnostics.Process.Start("ln", [linked, linked + ".link"]).WaitForExit();

        Assert.False(Give(filePool, opened));
        Assert.False(Give(filePool, linked));
    }

    [Fact]
    public void A_directory_is_reused_only_if_it_is_empty_with_its_original_mode()
    {
        var filePool = Open(restMs: 0);
        var (used, opened, empty) = (MakeFolder("used"), MakeFolder("opened"), MakeFolder("empty"));
        File.WriteAllText($"{used}/.hidden", "");
        File.SetUnixFileMode(opened, File.GetUnixFileMode(opened) | UnixFileMode.OtherRead);

        Assert.False(filePool.TryReturnDirectory(used, Now));
        Assert.False(filePool.TryReturnDirectory(opened, Now));
        Assert.True(filePool.TryReturnDirectory(empty, Now));

        Assert.True(filePool.TryTakeDirectory($"{_home.FullName}/fresh", Now));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_home.FullName}/fresh"));
        Assert.False(filePool.TryTakeDirectory($"{_home.FullName}/another", Now));
    }

    [Fact]
    public void The_pool_of_an_earlier_executor_is_taken_over_except_files_with_content()
    {
        var earlier = Open(restMs: 0);
        Assert.True(Give(earlier, MakeFile("a")));
        Assert.True(Give(earlier, MakeFile("b")));
        File.WriteAllText(earlier.TakeFile(Now)!, "a crash left this");

        var filePool = Open(restMs: 0);

        Assert.Equal(0, new FileInfo(filePool.TakeFile(Now)!).Length);
        Assert.Null(filePool.TakeFile(Now));
    }

    private FilePool Open(long restMs) => new($"{_home.FullName}/spare", Now, restMs, max: 100);

    private static bool Give(FilePool filePool, string path) =>
        Libc.TryStat(path, followLink: false, out var status)
        && filePool.TryReturnFile(path, status, Now);

    private string MakeFile(string name)
    {
        var path = $"{_home.FullName}/{name}";
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, Own);
        return path;
    }

    private string MakeFolder(string name) =>
        Directory
            .CreateDirectory($"{_home.FullName}/{name}", Own | UnixFileMode.UserExecute)
            .FullName;
}
