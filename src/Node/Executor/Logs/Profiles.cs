using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Tells where the time of jobs went that asked for it: a Python job by cProfile
/// (<see cref="PythonHook"/>), any other by samples of its stacks. For the loop's thread.</summary>
/// <param name="home">Where perf may look for settings of its own.</param>
/// <param name="childAdded">Called when a process was started here.</param>
internal sealed class Profiles(
    string home,
    EventLoop loop,
    ExecutorLimits limits,
    Action childAdded
) : IDisposable
{
    private const int FirstLineMax = 256;
    private readonly Spawner _spawner = new();
    private readonly ProgramSearch _programs = new();
    private readonly List<StackSampler> _samplers = [];

    /// <summary>What is to be started for an attempt instead of these words.</summary>
    public (string Program, IReadOnlyList<string> Words) Prepare(
        Attempt attempt,
        string command,
        string program,
        IReadOnlyList<string> words
    )
    {
        string FirstLine(string file) =>
            FirstLineOf(Path.Combine(attempt.WorkingDirectory, file == words[0] ? program : file));
        if (!attempt.HasProfile)
            return (program, words);
        attempt.NoProfile =
            "its Python wrote none: it was killed, ended by os._exit, or ignores PYTHONPATH";
        if (PythonCommand.Is(command, FirstLine))
            return (program, words);
        attempt.NoProfile =
            "it is not Python, and the stacks of what runs in a sandbox are not sampled";
        if (attempt.Entrance is { InSandbox: true })
            return (program, words);
        attempt.NoProfile =
            "it is not Python, and perf, which samples other programs, is not installed";
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (_programs.Find("perf", path, "/", Clock.NowMs()) is not { } perf)
            return (program, words);
        var sampler = new StackSampler(perf, attempt.Paths, loop, limits, Spawn);
        attempt.Sampler = sampler;
        return sampler.Gate(program, words);
    }

    public void Started(Attempt attempt)
    {
        if (attempt.Sampler is not { } sampler)
            return;
        _samplers.Add(sampler);
        sampler.Started(attempt.Pid);
    }

    /// <summary>Whether this was a process that was started here.</summary>
    public bool Ended(in ChildExit exit)
    {
        foreach (var sampler in _samplers)
        {
            if (sampler.Ended(exit))
                return true;
        }
        return false;
    }

    /// <summary>Nothing of an attempt that wanted a profile is left: calls back when it is
    /// made.</summary>
    /// <param name="told">Its size in bytes, and why there is none.</param>
    public void Finish(Attempt attempt, Action<long, string> told)
    {
        if (attempt.Sampler is not { } sampler || !_samplers.Contains(sampler))
        {
            Tell(attempt, attempt.NoProfile, told);
            return;
        }
        sampler.Finish(() =>
        {
            _samplers.Remove(sampler);
            Tell(attempt, sampler.Trouble, told);
        });
    }

    public void Dispose() => _spawner.Dispose();

    private static void Tell(Attempt attempt, string trouble, Action<long, string> told)
    {
        var bytes = OutputFile.Size(attempt.Paths.Profile);
        told(bytes, bytes > 0 ? "" : trouble);
    }

    private int Spawn(string program, string[] words, string stdout, string stderr)
    {
        var request = new SpawnRequest(
            program,
            words,
            [$"HOME={home}", "PATH=/usr/bin:/bin", "LC_ALL=C"],
            "/",
            "/dev/null",
            stdout,
            stderr,
            KeepOutput: true
        );
        var process = _spawner.Spawn(request);
        if (process.Pid != 0)
            childAdded();
        return process.Pid;
    }

    private static string FirstLineOf(string file)
    {
        if (!Libc.TryStat(file, followLink: true, out var status) || !status.IsRegular)
            return "";
        try
        {
            using var handle = File.OpenHandle(file);
            var start = new byte[FirstLineMax];
            var length = RandomAccess.Read(handle, start, 0);
            return System.Text.Encoding.UTF8.GetString(start, 0, length).Split('\n')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
