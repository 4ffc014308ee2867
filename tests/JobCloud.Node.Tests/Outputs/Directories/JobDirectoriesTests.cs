using System.Diagnostics;
using JobCloud.Node.Daemon.Outputs.Directories;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Outputs.Directories;

public sealed class JobDirectoriesTests : IDisposable
{
    private readonly OutputHome _home = new();
    private readonly string _own;

    public JobDirectoriesTests()
    {
        _own = _home.Attempt(1).Directory;
        Directory.CreateDirectory($"{_own}/below");
        File.WriteAllBytes($"{_own}/data", [.. Enumerable.Range(0, 40_000).Select(i => (byte)i)]);
        File.WriteAllText($"{_own}/below/inner", "inner");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_directory_is_listed_by_name_with_kinds_sizes_and_times()
    {
        File.CreateSymbolicLink($"{_own}/link", "/etc/passwd");
        var read = Read("");
        Assert.Equal(
            [
                ("below", FileKind.Directory, 0),
                ("data", FileKind.Regular, 40_000),
                ("link", FileKind.Link, 0),
            ],
            read.Entries.Select(entry => (entry.Name, entry.Kind, entry.Size))
        );
        Assert.True(read.IsDirectory);
        Assert.All(read.Entries, entry => Assert.True(entry.Modified > 0));
        Assert.Equal("inner", Assert.Single(Read("below").Entries).Name);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_escaped_and_fetched_by_that_name()
    {
        var make = "mkdir $'d\\xE9' && printf 1 > $'d\\xE9/f\\xFF' && printf 2 > 'a\\xE9'";
        Assert.True(Tool.Succeeds("bash", "-c", $"cd {_own}/below && rm inner && {make}"));
        Assert.Equal([@"a\x5CxE9", @"d\xE9"], Read("below").Entries.Select(entry => entry.Name));
        Assert.Equal(FileKind.Directory, Read("below").Entries[1].Kind);
        Assert.Equal(@"f\xFF", Assert.Single(Read(@"below/d\xE9").Entries).Name);
        Assert.Equal("1", Read(@"below/d\xE9/f\xFF").Data.ToStringUtf8());
        Assert.Equal("2", Read(@"below/a\x5CxE9").Data.ToStringUtf8());
        // The runtime cannot remove such names.
        Assert.True(Tool.Succeeds("rm", "-r", $"{_own}/below"));
    }

    [Fact]
    public void A_file_is_read_in_parts_byte_for_byte()
    {
        var bytes = new List<byte>();
        FilesRead read;
        do
        {
            read = Read("data", bytes.Count);
            Assert.NotEmpty(read.Data);
            bytes.AddRange(read.Data);
        } while (bytes.Count < read.Size);
        Assert.Equal(File.ReadAllBytes($"{_own}/data"), bytes);
        Assert.Empty(Read("data", 99_999).Data);
        Assert.Equal("inner", Read("below/inner").Data.ToStringUtf8());
    }

    [Fact]
    public void A_large_directory_is_read_in_parts()
    {
        for (var i = 0; i < 2_000; i++)
            File.WriteAllText($"{_own}/below/{i:D4}", "");
        var names = new List<string>();
        FilesRead read;
        do
        {
            read = Read("below", names.Count);
            Assert.True(read.CalculateSize() < 60_000);
            names.AddRange(read.Entries.Select(entry => entry.Name));
        } while (names.Count < read.Size);
        Assert.Equal(2_001, names.Count);
        Assert.Distinct(names);
    }

    [Theory]
    [InlineData("../1.1.out")]
    [InlineData("below/../../1.1.out")]
    [InlineData("outside")]
    [InlineData("outside/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("gone")]
    [InlineData("data/below")]
    [InlineData("pipe")]
    public void Nothing_outside_and_nothing_but_files_is_read(string path)
    {
        _home.Write(1, "secret");
        File.CreateSymbolicLink($"{_own}/outside", "/etc");
        using (var made = Process.Start("mkfifo", $"{_own}/pipe"))
            made.WaitForExit();
        var read = Read(path);
        Assert.NotEqual("", read.Trouble);
        Assert.Equal((false, 0), (read.Missing, read.Data.Length + read.Entries.Count));
    }

    [Fact]
    public void A_link_within_the_directory_is_followed()
    {
        File.CreateSymbolicLink($"{_own}/link", "below");
        Assert.Equal("inner", Read("link/inner").Data.ToStringUtf8());
    }

    [Fact]
    public void A_directory_that_is_not_kept_is_missing()
    {
        Assert.True(Read("", jid: 2).Missing);
        File.CreateSymbolicLink(_home.Attempt(3).Directory, "/etc");
        Assert.True(Read("", jid: 3).Missing);
    }

    [RootFact]
    public void A_file_that_the_owner_of_the_directory_cannot_read_is_not_read()
    {
        // As with a hard link to a file of root.
        using (var given = Process.Start("chown", ["-R", "games", _own]))
            given.WaitForExit();
        File.WriteAllText($"{_own}/secret", "of root");
        File.SetUnixFileMode($"{_own}/secret", UnixFileMode.UserRead);

        Assert.Equal("cannot be read by the job's account", Read("secret").Trouble);
        Assert.Equal("inner", Read("below/inner").Data.ToStringUtf8());
        Assert.Equal(3, Read("").Entries.Count);
        Assert.Equal("of root", File.ReadAllText($"{_own}/secret"));
    }

    private FilesRead Read(string path, long offset = 0, long jid = 1) =>
        new JobDirectories(_home.Paths).Read(
            new()
            {
                Jid = jid,
                Attempt = 1,
                Path = path,
                Offset = offset,
            }
        );
}
