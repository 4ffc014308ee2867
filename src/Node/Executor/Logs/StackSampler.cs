using System.Globalization;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Samples the stacks of all processes of one attempt by perf(1), which looks on from
/// outside: the job waits at a gate until it does, and runs as it would without. For the loop's
/// thread.</summary>
/// <param name="spawn">Starts a program with these words, its output added to these two files;
/// returns its pid, or 0.</param>
internal sealed unsafe class StackSampler(
    string perf,
    AttemptPaths paths,
    EventLoop loop,
    ExecutorLimits limits,
    Func<string, string[], string, string, int> spawn
)
{
    private const string Shell = "/bin/sh";
    private const long LookAgainMs = 2;

    /// <summary>How long the job may wait for its sampler before it runs without.</summary>
    private const long AttachWithinMs = 3_000;

    /// <summary>How long the end of the job may wait for its profile.</summary>
    private const long ReportWithinMs = 20_000;

    /// <summary>On disk until the end of the job; later samples are lost.</summary>
    private const long DataBytesMax = 64 << 20;

    /// <summary>What `info` shows of it, with room for the tables of Python before it.</summary>
    private const long ReportBytesMax = 48 << 10;

    /// <summary>The shell opens the gate for reading, and becomes the command once it is
    /// opened.</summary>
    private const string Waiting = "read -r _ < \"$0\"; exec \"$@\"";
    private int _perfPid;
    private int _jobPid;
    private long _giveUpAt;
    private Action<long>? _whenDone;
    private bool _isReporting;
    private long _reportFrom;

    /// <summary>Why there are no samples, in a short sentence; empty: there may be.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Makes the gate; returns what is to be started instead of these words.</summary>
    public (string Program, IReadOnlyList<string> Words) Gate(
        string program,
        IReadOnlyList<string> words
    ) =>
        Libc.mkfifo(paths.ProfileGate, 0x180) == 0
            ? (Shell, ["sh", "-c", Waiting, paths.ProfileGate, program, .. words.Skip(1)])
            : (program, words);

    /// <summary>The job waits at the gate: has its process looked at, then lets it go.</summary>
    /// <param name="now">Ms, here and below.</param>
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
            paths.ProfileTrouble
        );
        Look(now);
    }

    /// <summary>Whether this was a process of ours.</summary>
    public bool Ended(in ChildExit exit, long now)
    {
        if (exit.Pid != _perfPid)
            return false;
        _perfPid = 0;
        if (_isReporting)
            Done(exit.Code == 0 ? "" : Complaint(), now);
        else if (_whenDone is not null)
            Report(now);
        return true;
    }

    /// <summary>Nothing of the attempt is left: makes the profile, then calls back.</summary>
    public void Finish(long now, Action<long> whenDone)
    {
        _whenDone = whenDone;
        _ = Libc.unlink(paths.ProfileGate);
        loop.At(now + ReportWithinMs, later => GiveUp(later.Ms));
        if (_perfPid != 0)
            _ = Libc.kill(_perfPid, Libc.SIGINT);
        else
            Report(now);
    }

    /// <summary>Opens the gate once samples are written, or will not be.</summary>
    private void Look(long now)
    {
        var isReady = _perfPid == 0 || IsSampling() || now >= _giveUpAt;
        if (_whenDone is null && !(isReady && OpenGate()))
            loop.At(now + LookAgainMs, later => Look(later.Ms));
    }

    /// <summary>It has begun its file, and sleeps: all that it does before it waits for samples is
    /// done.</summary>
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

    /// <summary>False: nobody waits there yet.</summary>
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
            Done(Complaint(), now);
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
            paths.ProfileTrouble
        );
        if (_perfPid == 0)
            Done(Complaint(), now);
    }

    private void GiveUp(long now)
    {
        if (_whenDone is null)
            return;
        if (_perfPid != 0)
            _ = Libc.kill(_perfPid, Libc.SIGKILL);
        Done($"no report of its samples within {ReportWithinMs} ms", now);
    }

    private void Done(string trouble, long now)
    {
        if (_whenDone is not { } whenDone)
            return;
        Trouble = trouble;
        _whenDone = null;
        Cut(paths.Profile, _reportFrom + ReportBytesMax);
        _ = Libc.unlink(paths.ProfileData);
        _ = Libc.unlink(paths.ProfileTrouble);
        whenDone(now);
    }

    /// <summary>What perf said last but "Error:", on one line.</summary>
    private string Complaint()
    {
        try
        {
            var lines = File.ReadLines(paths.ProfileTrouble)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line != "Error:");
            return $"perf cannot sample here: {string.Join(' ', lines.Take(2))}";
        }
        catch (IOException)
        {
            return "perf cannot sample here";
        }
    }

    private static void Cut(string path, long length)
    {
        if (FileLength.Of(path) <= length)
            return;
        var fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return;
        _ = Libc.ftruncate(fd, length);
        _ = Libc.close(fd);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
