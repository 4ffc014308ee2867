using System.Diagnostics;
using System.Net.Sockets;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor;

/// <summary>A real executor with its own home, which is removed at the end.</summary>
public sealed class ExecutorProcess : IAsyncDisposable
{
    private readonly bool _ownsHome;
    private readonly Process _process;

    private ExecutorProcess(HomePaths home, bool ownsHome, Process process) =>
        (Home, _ownsHome, _process) = (home, ownsHome, process);

    public HomePaths Home { get; }
    public int Pid => _process.Id;

    /// <summary>Starts an executor without a node and waits until it listens.</summary>
    /// <param name="path">Its PATH; null: the PATH of the tests.</param>
    /// <param name="within">A command that execs its arguments, for example with other
    /// limits.</param>
    public static async Task<ExecutorProcess> StartAsync(
        HomePaths? home = null,
        string? path = null,
        IReadOnlyList<string>? within = null
    )
    {
        var ownsHome = home is null;
        home ??= new HomePaths(Directory.CreateTempSubdirectory("jx").FullName);
        var program = Program("JobCloud.Node.Executor", "jobcloud-executor");
        string[] command = [.. within ?? [], program, "--home", home.Home, "--no-node"];
        var process = Start(command[0], command[1..], path);
        await Eventually.HoldsAsync(
            () => process.HasExited || CanConnect(home),
            "the executor listens"
        );
        Assert.False(process.HasExited);
        return new(home, ownsHome, process);
    }

    /// <summary>Runs the built program with these arguments.</summary>
    public static Process Run(params string[] arguments) =>
        Start(Program("JobCloud.Node.Executor", "jobcloud-executor"), arguments);

    /// <summary>Runs a copy of the program in this directory.</summary>
    public static Process RunCopy(string folder, params string[] arguments)
    {
        var program = Program("JobCloud.Node.Executor", "jobcloud-executor");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(program)!))
        {
            var copy = $"{folder}/{Path.GetFileName(file)}";
            if (!File.Exists(copy))
                File.Copy(file, copy);
        }
        return Start($"{folder}/jobcloud-executor", arguments);
    }

    private static Process Start(string program, string[] arguments, string? path = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["INHERITED"] = "from the executor";
        start.Environment["LC_NODE"] = "of the node";
        if (path is not null)
            start.Environment["PATH"] = path;
        return Process.Start(start)!;
    }

    /// <summary>The command line of the test program with these arguments.</summary>
    public static string Dummy(string arguments) =>
        $"{Program("JobCloud.Testing.Dummy", "dummy")} {arguments}";

    public Task<ExecutorClient> TalkAsync(Hello? hello = null) =>
        ExecutorClient.OpenAsync(Home.ExecutorSocket, hello);

    /// <summary>Kills the executor with SIGKILL, as in a crash.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops the executor with SIGTERM and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Pid}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await EndAsync();
        _process.Dispose();
        if (!_ownsHome)
            return;
        // After a crash the next executor would remove them, but there is none.
        var parents = CgroupParents.Read(Home, out _);
        CgroupSweep.Run([.. parents.Where(Directory.Exists)], timeoutMs: 5_000);
        foreach (var parent in parents)
            CgroupFolder.TryRemove(parent);
        Directory.Delete(Home.Home, recursive: true);
    }

    private static bool CanConnect(HomePaths home)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.IP);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(home.ExecutorSocket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A program of a sibling project in the build output of the same configuration, or in
    /// the directory <c>JOBCLOUD_TEST_PROGRAMS</c> if it is there.</summary>
    public static string Program(string project, string name)
    {
        var chosen = Environment.GetEnvironmentVariable("JOBCLOUD_TEST_PROGRAMS");
        if (chosen is not null && File.Exists($"{chosen}/{name}"))
            return $"{chosen}/{name}";
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var pivot = own.Name.Split('_')[0];
        return Directory
            .EnumerateDirectories($"{own.Parent!.Parent!.FullName}/{project}", $"{pivot}*")
            .Select(folder => $"{folder}/{name}")
            .First(File.Exists);
    }
}
