using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Profiles the jobs that requested it: Python jobs by cProfile
/// (<see cref="PythonHook"/>), others by stack sampling. Used only on the event-loop
/// thread.</summary>
/// <param name="home">The directory where perf may look for its settings.</param>
/// <param name="childAdded">Called when a child process was started.</param>
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

    /// <summary>Prepares the profile of an attempt, and replaces the program and arguments if the
    /// profile needs it.</summary>
    /// <param name="directory">The job's working directory.</param>
    /// <param name="account">The account of the job and its sampler; null: the executor's
    /// own.</param>
    public Profile Prepare(
        AttemptPaths paths,
        string directory,
        bool inSandbox,
        Account? account,
        string command,
        long now,
        ref string program,
        ref IReadOnlyList<string> arguments
    )
    {
        var (file, first) = (program, arguments[0]);
        string FirstLine(string name) =>
            FirstLineOf(Path.Combine(directory, name == first ? file : name), account);
        if (PythonCommand.Is(command, FirstLine))
            return new(
                "Python wrote no profile: it was killed, called os._exit, or ignores PYTHONPATH"
            );
        if (inSandbox)
            return new("the command is not Python, and processes in a sandbox cannot be sampled");
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (_programs.Find("perf", path, "/", now) is not { } perf)
            return new(
                "the command is not Python, and perf, which samples other programs, is not installed"
            );
        var sampler = new StackSampler(
            perf,
            paths,
            account,
            loop,
            limits,
            (sampled, words, stdout, stderr) => Spawn(account, sampled, words, stdout, stderr)
        );
        (program, arguments) = sampler.Gate(program, arguments);
        return new("", sampler);
    }

    /// <param name="now">The time in ms, here and below.</param>
    public void Started(Profile profile, int pid, long now)
    {
        if (profile.Sampler is not { } sampler)
            return;
        _samplers.Add(sampler);
        sampler.Started(pid, now);
    }

    /// <summary>Handles the exit of a child; true: it was started here.</summary>
    public bool Ended(in ChildExit exit, long now)
    {
        foreach (var sampler in _samplers)
        {
            if (sampler.Ended(exit, now))
                return true;
        }
        return false;
    }

    /// <summary>Finishes the profile of an attempt that has no live processes; calls back when the
    /// profile is ready.</summary>
    /// <param name="path">The path of the profile.</param>
    /// <param name="finished">Receives the size of the profile in bytes, the reason if there is
    /// none, and the time in ms.</param>
    public void Finish(Profile profile, string path, long now, Action<long, string, long> finished)
    {
        void Report(string reason, long at)
        {
            var bytes = FileLength.Of(path);
            finished(bytes, bytes > 0 ? "" : reason, at);
        }
        if (profile.Sampler is not { } sampler)
        {
            Report(profile.AbsenceReason, now);
            return;
        }
        sampler.Finish(
            now,
            at =>
            {
                _samplers.Remove(sampler);
                Report(sampler.FailureReason, at);
            }
        );
    }

    public void Dispose() => _spawner.Dispose();

    private int Spawn(
        Account? account,
        string program,
        IReadOnlyList<string> arguments,
        string stdout,
        string stderr
    )
    {
        var request = new SpawnRequest(
            program,
            arguments,
            [$"HOME={account?.Home ?? home}", "PATH=/usr/bin:/bin", "LC_ALL=C"],
            "/",
            "/dev/null",
            stdout,
            stderr,
            KeepOutput: true
        );
        if (account is not null && AccountStart.Prepare(account, ref request, out _) != 0)
            return 0;
        var process = _spawner.Spawn(request);
        if (request.VariablesFd > 0)
            _ = Libc.close(request.VariablesFd);
        if (process.Pid != 0)
            childAdded();
        return process.Pid;
    }

    private static string FirstLineOf(string file, Account? account)
    {
        using var rights = new FileRights(account);
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
