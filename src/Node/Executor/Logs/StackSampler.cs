using System.Globalization;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Samples the stacks of all processes of one attempt by perf(1). The job waits at a gate
/// (a FIFO) until perf is attached, and then runs unchanged. Used only on the event-loop
/// thread.</summary>
/// <param name="account">The account of the job; null: the executor's own.</param>
/// <param name="spawn">Starts a program with these arguments and appends its output to these two
/// files; returns its pid, or 0.</param>
internal sealed unsafe class StackSampler(
    string perf,
    AttemptPaths paths,
    Account? account,
    EventLoop loop,
    ExecutorLimits limits,
    Func<string, string[], string, string, int> spawn
)
{
    private const string Shell = "/bin/sh";
    private const long PollMs = 2;

    /// <summary>The time that the job waits for its sampler before it runs without one.</summary>
    private const long AttachWithinMs = 3_000;

    /// <summary>The time that the end of the job waits for its profile.</summary>
    private const long ReportWithinMs = 20_000;

    /// <summary>Maximum size of the sample file, which is removed at the end of the job; later
    /// samples are lost.</summary>
    private const long DataBytesMax = 64 << 20;

    /// <summary>Maximum size that `info` shows, with room for the tables of Python before
    /// it.</summary>
    private const long ReportBytesMax = 48 << 10;

    /// <summary>The shell opens the gate for reading, and execs the command once the gate
    /// opens.</summary>
    private const string WaitAndExec = "read -r _ < \"$0\"; exec \"$@\"";
    private int _perfPid;
    private int _jobPid;
    private long _giveUpAt;
    private Action<long>? _onDone;
    private bool _isReporting;
    private long _reportFrom;

    /// <summary>The reason why there are no samples; empty: there may be samples.</summary>
    public string FailureReason { get; private set; } = "";

    /// <summary>Creates the gate; returns the program and arguments to start instead of
    /// these.</summary>
    public (string Program, IReadOnlyList<string> Words) Gate(
        string program,
        IReadOnlyList<string> arguments
    ) =>
        Libc.mkfifo(paths.ProfileGate, 0x180) == 0 && (account?.Own(paths.ProfileGate) ?? 0) == 0
            ? (Shell, ["sh", "-c", WaitAndExec, paths.ProfileGate, program, .. arguments.Skip(1)])
            : (program, arguments);

    /// <summary>Attaches perf to the job's process, which waits at the gate, and then opens the
    /// gate.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public void Started(int jobPid, long now)
    {
        _jobPid = jobPid;
        _giveUpAt = now + AttachWithinMs;
        _perfPid = spawn(
            perf,
            [
                .. "perf record -q -g -B -N -F".Split(' '),
                Text(limits.ProfileSamples),
                "--max-size",
                $"{Text(DataBytesMax)}B",
                "-o",
                paths.ProfileData,
                "-p",
                Text(jobPid),
            ],
            "/dev/null",
            paths.ProfilerErrors
        );
        PollGate(now);
    }

    /// <summary>Handles the exit of a child; true: it was this sampler's perf.</summary>
    public bool Ended(in ChildExit exit, long now)
    {
        if (exit.Pid != _perfPid)
            return false;
        _perfPid = 0;
        if (_isReporting)
            Done(exit.Code == 0 ? EmptyReport() : PerfError(), now);
        else if (_onDone is not null)
            Report(now);
        return true;
    }

    /// <summary>Builds the profile once the attempt has no live processes, then calls
    /// back.</summary>
    public void Finish(long now, Action<long> onDone)
    {
        _onDone = onDone;
        _ = Libc.unlink(paths.ProfileGate);
        loop.At(now + ReportWithinMs, later => GiveUp(later.Ms));
        if (_perfPid != 0)
            _ = Libc.kill(_perfPid, Libc.SIGINT);
        else
            Report(now);
    }

    /// <summary>Opens the gate once perf is sampling, or will never sample.</summary>
    private void PollGate(long now)
    {
        var isReady = _perfPid == 0 || IsSampling() || now >= _giveUpAt;
        if (_onDone is null && !(isReady && OpenGate()))
            loop.At(now + PollMs, later => PollGate(later.Ms));
    }

    /// <summary>Whether perf has created its file and sleeps: its setup is done and it waits for
    /// samples.</summary>
    private bool IsSampling()
    {
        if (FileLength.Of(paths.ProfileData) == 0)
            return false;
        try
        {
            var stat = File.ReadAllText($"/proc/{_perfPid}/stat");
            return stat[stat.LastIndexOf(')')..].StartsWith(") S", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Opens the gate; false: the job does not wait there yet.</summary>
    private bool OpenGate()
    {
        const int Flags = Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
        var fd = Libc.open(paths.ProfileGate, Flags, 0);
        if (fd < 0)
            return Libc.Errno == Libc.ENOENT;
        var go = (byte)'\n';
        _ = Libc.write(fd, &go, 1);
        _ = Libc.close(fd);
        return Libc.unlink(paths.ProfileGate) == 0;
    }

    private void Report(long now)
    {
        if (FileLength.Of(paths.ProfileData) == 0)
        {
            Done(PerfError(), now);
            return;
        }
        _isReporting = true;
        _reportFrom = FileLength.Of(paths.Profile);
        _perfPid = spawn(
            perf,
            [
                .. "perf report --stdio --no-inline --percent-limit 1 -i".Split(' '),
                paths.ProfileData,
            ],
            paths.Profile,
            paths.ProfilerErrors
        );
        if (_perfPid == 0)
            Done(PerfError(), now);
    }

    /// <summary>The reason if perf reported no sample; its header alone is removed.</summary>
    private string EmptyReport()
    {
        try
        {
            if (_reportFrom > 0 || PerfReport.HasSamples(File.ReadLines(paths.Profile)))
                return "";
            Cut(paths.Profile, 0);
            return PerfReport.NoSamples(limits.ProfileSamples);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void GiveUp(long now)
    {
        if (_onDone is null)
            return;
        if (_perfPid != 0)
            _ = Libc.kill(_perfPid, Libc.SIGKILL);
        Done($"perf report did not finish within {ReportWithinMs} ms", now);
    }

    private void Done(string reason, long now)
    {
        if (_onDone is not { } onDone)
            return;
        FailureReason = reason;
        _onDone = null;
        Cut(paths.Profile, _reportFrom + ReportBytesMax);
        _ = Libc.unlink(paths.ProfileData);
        _ = Libc.unlink(paths.ProfilerErrors);
        onDone(now);
    }

    /// <summary>The last lines that perf printed except "Error:", joined.</summary>
    private string PerfError()
    {
        try
        {
            var lines = File.ReadLines(paths.ProfilerErrors)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line != "Error:");
            return $"perf cannot sample on this machine: {string.Join(' ', lines.Take(2))}";
        }
        catch (IOException)
        {
            return "perf cannot sample on this machine";
        }
    }

    private static void Cut(string path, long length)
    {
        if (FileLength.Of(path) <= length)
            return;
        var fd = JobFile.OpenOwn(path, Libc.O_WRONLY, 0);
        if (fd < 0)
            return;
        _ = Libc.ftruncate(fd, length);
        _ = Libc.close(fd);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
