using System.Globalization;
using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>What a process is to the kernel when the machine runs out of memory.</summary>
internal enum OomShare
{
    /// <summary>It ends before the node does.</summary>
    Job,
    Node,
    Executor,
}

/// <summary>Keeps the kernel's OOM killer from the executor and the node as long as there are jobs
/// to end (proc_pid_oom_score_adj(5)). A child inherits the value of the executor, which therefore
/// takes the child's value while it starts it: at no time does a job have a lower one.</summary>
internal static unsafe class OomScore
{
    private const string Path = "/proc/self/oom_score_adj";
    private const int OfExecutor = -900,
        OfNode = -500,
        OfRootsJobs = 0,
        // Without the right to lower its own value, an executor can only raise that of jobs.
        JobsAboveNode = 300,
        Highest = 1000;

    // Held while this process has the value of a child.
    private static readonly Lock Turn = new();

    private static int _fd;
    private static int _executor,
        _node,
        _job;

    /// <summary>Protects this process, the executor; called once, before any start.</summary>
    public static void Protect()
    {
        _fd = Libc.open(Path, Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (_fd < 0 || Read() is not { } inherited)
            return;
        var own = Math.Min(inherited, OfExecutor);
        if (TryWrite(own))
            (_executor, _node, _job) = (own, Math.Min(inherited, OfNode), OfRootsJobs);
        else
        {
            var raised = Math.Min(inherited + JobsAboveNode, Highest);
            (_executor, _node, _job) = (inherited, inherited, raised);
        }
    }

    /// <summary>The children that start until this is disposed of get a value.</summary>
    public static Taken Take(OomShare share)
    {
        var value = share switch
        {
            OomShare.Job => _job,
            OomShare.Node => _node,
            _ => _executor,
        };
        Turn.Enter();
        return new(value != _executor && TryWrite(value));
    }

    private static int? Read()
    {
        var text = stackalloc byte[16];
        var count = Libc.read(_fd, text, 16);
        return
            count > 0
            && int.TryParse(
                Encoding.ASCII.GetString(text, (int)count),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var value
            )
            ? value
            : null;
    }

    private static bool TryWrite(int value)
    {
        var text = stackalloc byte[16];
        _ = value.TryFormat(
            new Span<byte>(text, 16),
            out var count,
            default,
            CultureInfo.InvariantCulture
        );
        return Libc.pwrite(_fd, text, count, 0) == count;
    }

    /// <summary>While held, this process has the value of its children.</summary>
    public readonly ref struct Taken(bool isTaken)
    {
        public void Dispose()
        {
            if (isTaken)
                _ = TryWrite(_executor);
            Turn.Exit();
        }
    }
}
