using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The outcome of a command.</summary>
public sealed record ProgramOutcome(int Exit, string Out, string Err)
{
    public string Line => Out.TrimEnd('\n');

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>A cloud of one node with its own home, used through the published command.</summary>
public sealed class Cloud : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(90);

    public string Home { get; } = Directory.CreateTempSubdirectory("jc-").FullName;

    /// <summary>The directory of the programs to run.</summary>
    public string Programs { get; init; } = Shipped;

    public Task InitializeAsync() => Task.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public async Task DisposeAsync()
    {
        await RunAsync("node", "stop");
        foreach (var pid in RemainingPids())
            Kill(pid);
        Directory.Delete(Home, recursive: true);
    }

    /// <summary>Runs <c>jobcloud</c> with these arguments.</summary>
    public Task<ProgramOutcome> RunAsync(params string[] arguments) => RunAsync(arguments, null);

    public async Task<ProgramOutcome> RunAsync(
        string[] arguments,
        string? stdin,
        string? folder = null
    )
    {
        using var process = Start(arguments, folder);
        if (stdin is not null)
            await process.StandardInput.WriteAsync(stdin);
        process.StandardInput.Close();
        var reading = process.StandardOutput.ReadToEndAsync();
        var readingErrors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeLimit);
        await process.WaitForExitAsync(limit.Token);
        return new ProgramOutcome(process.ExitCode, await reading, await readingErrors);
    }

    /// <summary>Runs a command that must succeed; returns its output without the last
    /// newline.</summary>
    public async Task<string> OkAsync(params string[] arguments)
    {
        var ran = await RunAsync(arguments);
        Assert.True(
            ran.Exit == 0,
            $"jobcloud {string.Join(' ', arguments)}: exit {ran.Exit}\n{ran.Out}{ran.Err}"
        );
        return ran.Line;
    }

    /// <summary>Submits a job; returns its jid.</summary>
    public async Task<string> ExecAsync(params string[] arguments) =>
        await OkAsync(["exec", .. arguments]);

    public async Task<string> StatusAsync(string jid) =>
        (await OkAsync("-o", "no-header", "status", jid)).Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries
        )[1];

    public Process Start(string[] arguments, string? folder = null)
    {
        var info = new ProcessStartInfo(Path.Combine(Programs, "jobcloud"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Home,
        };
        info.Environment["JOBCLOUD_HOME"] = Home;
        foreach (var name in new[] { "JOBCLOUD_SERVER", "JOBCLOUD_TOKEN_FILE" })
            info.Environment.Remove(name);
        return Process.Start(info)!;
    }

    /// <summary>The pids of the running node and its executor.</summary>
    public async Task<(int Node, int Executor)> PidsAsync()
    {
        var status = JsonDocument.Parse(await OkAsync("-o", "json", "node", "status")).RootElement;
        return (
            status.GetProperty("pid").GetInt32(),
            status.GetProperty("executor_pid").GetInt32()
        );
    }

    /// <summary>The processes whose command line or environment contains this home.</summary>
    public IReadOnlyList<int> RemainingPids() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
                .Where(pid => pid > 0 && pid != Environment.ProcessId && Names(pid, Home)),
        ];

    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended already.
        }
    }

    public static string Shipped => Path.Combine(Root(), "artifacts", "jobcloud");

    public static string Program(string name) => Path.Combine(Shipped, name);

    /// <summary>The command line of the dummy program of the tests.</summary>
    public static string Dummy =>
        Path.Combine(Root(), "artifacts", "bin", "JobCloud.Testing.Dummy", "debug", "dummy");

    private static bool Names(int pid, string home)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(home)
                || File.ReadAllText($"/proc/{pid}/environ").Contains(home);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "JobCloud.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
