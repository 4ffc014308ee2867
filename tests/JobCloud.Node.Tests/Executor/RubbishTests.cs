using System.Diagnostics;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Homes;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Rubbish in the place of every file that an executor leaves to the next one.</summary>
public sealed class RubbishTests
{
    private static readonly string[] Kinds =
    [
        "removed",
        "empty",
        "zeros",
        "random",
        "directory",
        "full directory",
        "link to nothing",
        "link to a file",
        "pipe",
        "unreadable",
        "writable by all",
        "huge",
    ];

    public static TheoryData<string> AllKinds => [.. Kinds];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public async Task An_executor_starts_and_runs_jobs_with_rubbish_in_all_its_files(string kind)
    {
        await using var first = await ExecutorProcess.StartAsync();
        int daemon;
        string[] files;
        await using (var agent = await first.TalkAsync(Greeting))
        {
            await agent.RunAsync(Job("true"));
            var job = Job("setsid -f sh -c 'echo $$; exec sleep 71'; sleep 71");
            agent.Start(job);
            await agent.StartedAsync(job.Jid);
            var output = first.Home.Attempt(new Jid(job.Jid), 1).Stdout;
            await Eventually.HoldsAsync(
                () => File.ReadAllText(output).EndsWith('\n'),
                "the daemon started"
            );
            daemon = int.Parse(await File.ReadAllTextAsync(output));
            // Everything that a living home has.
            files = FilesOf(first.Home);
        }
        await first.CrashAsync();
        await Eventually.HoldsAsync(
            () => File.ReadAllText(first.Home.ExecutorLog).Contains("the guard killed"),
            "the guard is done"
        );
        foreach (var file in files)
            Spoil(file, kind);

        await using var second = await ExecutorProcess.StartAsync(first.Home);
        await using var next = await second.TalkAsync(Greeting);

        Assert.Equal(0, (await next.RunAsync(Job("true"))).Exit.Code);
        Assert.Equal(3, (await next.RunAsync(Job("exit 3"))).Exit.Code);
        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(daemon), "the daemon is killed");
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("zeros")]
    [InlineData("directory")]
    [InlineData("pipe")]
    public async Task A_guard_kills_the_jobs_with_rubbish_in_all_its_files(string kind)
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("sleep 71");
        agent.Start(job);
        var started = await agent.StartedAsync(job.Jid);
        foreach (var file in FilesOf(executor.Home))
            Spoil(file, kind);

        await executor.CrashAsync();

        await Eventually.HoldsAsync(
            () => !ProcessesOf.IsAlive(started.Pid),
            "the guard killed the job"
        );
    }

    [Fact]
    public async Task Any_single_file_can_be_corrupt()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var home = executor.Home;
        await using (var agent = await executor.TalkAsync(Greeting))
            await agent.RunAsync(Job("true"));
        var random = new Random(7);
        foreach (var file in FilesOf(home).Where(file => !file.Contains("/spare/")))
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            Spoil(file, kind);
            // What the start of an executor reads before and after it has the lock.
            var limits = LimitsFile.Load(home, out _);
            Assert.True(limits.LogLimitBytes > 0, $"{kind} {file}");
            _ = HomeFolders.Holder(home);
            _ = CgroupParents.Read(home, out _);
            RunFolder.Tidy(home);
            Assert.All(
                RunFile.Of(home).Where(f => f.Kind == RunFileKind.File && Path.Exists(f.Path)),
                f => Assert.True(new FileInfo(f.Path) is { Exists: true, LinkTarget: null }, kind)
            );
        }
    }

    [Fact]
    public async Task Every_file_of_a_living_home_is_in_the_catalogue()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using (var agent = await executor.TalkAsync(Greeting))
            await agent.RunAsync(Job("true"));
        var known = RunFile.Of(executor.Home).Select(file => file.Path).ToHashSet();
        Assert.Empty(FilesOf(executor.Home).Where(file => !file.Contains("/spare/")).Except(known));
    }

    [Theory]
    [InlineData("/\n")]
    [InlineData("/sys/fs/cgroup\n")]
    [InlineData("/sys/fs/cgroup/memory\n/sys/fs/cgroup/cpu\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("")]
    public void A_damaged_note_of_cgroups_names_no_foreign_cgroup(string note)
    {
        var home = new HomePaths(Directory.CreateTempSubdirectory("jx").FullName);
        Directory.CreateDirectory(home.Run);
        File.WriteAllText(home.Cgroups, note);
        var parents = CgroupParents.Read(home, out var isReadable);
        Assert.False(isReadable);
        Assert.Empty(parents);
        Directory.Delete(home.Home, recursive: true);
    }

    [Fact]
    public void A_file_that_is_set_aside_is_named()
    {
        var home = new HomePaths(Directory.CreateTempSubdirectory("jx").FullName);
        Directory.CreateDirectory(home.AttemptRecord);
        var sentence = Assert.Single(RunFolder.Tidy(home));
        Assert.StartsWith($"renamed {home.AttemptRecord} to attempts.log.aside-", sentence);
        Assert.EndsWith(": it is not a file", sentence);
        Directory.Delete(home.Home, recursive: true);
    }

    private static string[] FilesOf(HomePaths home) =>
        [
            .. new[] { home.Run, home.Store, home.Log, home.Open }
                .Where(Directory.Exists)
                .SelectMany(folder =>
                    Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                ),
        ];

    private static void Spoil(string path, string kind)
    {
        var isFolder = Directory.Exists(path);
        if (kind is "unreadable" or "writable by all")
        {
            if (Path.Exists(path))
                File.SetUnixFileMode(
                    path,
                    kind == "unreadable" ? UnixFileMode.None : (UnixFileMode)0x1ff
                );
            return;
        }
        // What was in a directory is gone with it.
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return;
        if (isFolder)
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
        switch (kind)
        {
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "zeros":
                File.WriteAllBytes(path, new byte[500]);
                break;
            case "random":
                var bytes = new byte[500];
                new Random(5).NextBytes(bytes);
                File.WriteAllBytes(path, bytes);
                break;
            case "directory":
                Directory.CreateDirectory(path);
                break;
            case "full directory":
                Directory.CreateDirectory($"{path}/in");
                break;
            case "link to nothing":
                File.CreateSymbolicLink(path, "/nowhere/at/all");
                break;
            case "link to a file":
                File.CreateSymbolicLink(path, "/etc/hostname");
                break;
            case "pipe":
                Process.Start("mkfifo", [path]).WaitForExit();
                break;
            case "huge":
                using (var file = File.Create(path))
                    file.SetLength(1L << 35);
                break;
        }
    }
}
