using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
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

    /// <summary>Readies the profile of an attempt, and changes what is to be started where that
    /// needs it.</summary>
    /// <param name="directory">The job's working directory.</param>
    public Profile Prepare(
        AttemptPaths paths,
        string directory,
        bool inSandbox,
        string command,
        long now,
        ref string program,
        ref IReadOnlyList<string> words
    )
    {
        var (file, first) = (program, words[0]);
        string FirstLine(string name) =>
            FirstLineOf(Path.Combine(directory, name == first ? file : name));
        if (PythonCommand.Is(command, FirstLine))
            return new(
                "its Python wrote none: it was killed, ended by os._exit, or ignores PYTHONPATH"
            );
        if (inSandbox)
            return new(
                "it is not Python, and the stacks of what runs in a sandbox are not sampled"
            );
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (_programs.Find("perf", path, "/", now) is not { } perf)
            return new(
                "it is not Python, and perf, which samples other programs, is not installed"
            );
        var sampler = new StackSampler(perf, paths, loop, limits, Spawn);
        (program, words) = sampler.Gate(program, words);
        return new("", sampler);
    }

    /// <param name="now">Ms, here and below.</param>
    public void Started(Profile profile, int pid, long now)
    {
        if (profile.Sampler is not { } sampler)
            return;
        _samplers.Add(sampler);
        sampler.Started(pid, now);
    }

    /// <summary>Whether this was a process that was started here.</summary>
    public bool Ended(in ChildExit exit, long now)
    {
        foreach (var sampler in _samplers)
        {
            if (sampler.Ended(exit, now))
                return true;
        }
        return false;
    }

    /// <summary>Nothing of an attempt that wanted a profile is left: calls back when it is
    /// made.</summary>
    /// <param name="path">Where the profile is.</param>
    /// <param name="told">Its size in bytes, why there is none, and the time, ms.</param>
    public void Finish(Profile profile, string path, long now, Action<long, string, long> told)
    {
        void Tell(string trouble, long at)
        {
            var bytes = FileLength.Of(path);
            told(bytes, bytes > 0 ? "" : trouble, at);
        }
        if (profile.Sampler is not { } sampler)
        {
            Tell(profile.WhyNone, now);
            return;
        }
        sampler.Finish(
            now,
            at =>
            {
                _samplers.Remove(sampler);
                Tell(sampler.Trouble, at);
            }
        );
    }

    public void Dispose() => _spawner.Dispose();

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
