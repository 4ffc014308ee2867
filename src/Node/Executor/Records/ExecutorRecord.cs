using System.Runtime.InteropServices;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Executor.Records;

/// <summary>The on-disk record of started and ended attempts. Written without fsync: it must
/// survive this process but not the machine, whose crash ends all processes.</summary>
internal sealed unsafe class ExecutorRecord : IDisposable
{
    /// <summary>The file is rewritten when it exceeds this size.</summary>
    private const long LimitBytes = 8 << 20;

    private readonly string _path;
    private readonly FrameWriteBuffer _pending = new();
    private int _fd = -1;
    private long _size;
    private long _rewritten;

    public ExecutorRecord(string path) => _path = path;

    /// <summary>Reads the record of an earlier executor.</summary>
    public static RecordContent Read(HomePaths home, ExecutorLog log)
    {
        var content = Read(home);
        if (content.TruncatedBytes > 0)
            log.Write(
                $"the record's last entry was incomplete: {content.TruncatedBytes} bytes dropped"
            );
        return content;
    }

    /// <summary>As above, for a look while another process may be writing.</summary>
    public static RecordContent Read(HomePaths home) =>
        RecordContent.Read(RunFolder.Read(home.AttemptRecord, int.MaxValue) ?? []);

    /// <summary>Whether the file was not removed or replaced.</summary>
    public bool IsInPlace =>
        Libc.TryStat(_path, followLink: false, out var there)
        && Libc.TryStat($"/proc/self/fd/{_fd}", followLink: true, out var open)
        && there.Inode == open.Inode;

    /// <summary>Whether the file is long enough to be rewritten.</summary>
    public bool IsLong => _size > Math.Max(LimitBytes, 2 * _rewritten);

    public void Started(AttemptId id, in SpawnResult process) =>
        _pending.Add(new RecordEntry { Started = StartOf(id, process) });

    public void NodeStarted(in SpawnResult process) =>
        _pending.Add(new RecordEntry { Node = NodeOf(process) });

    public void GuardStarted(in SpawnResult process) =>
        _pending.Add(new RecordEntry { Guard = NodeOf(process) });

    public void Ended(ProcessEnded end) => _pending.Add(new RecordEntry { Ended = end });

    public void Accepted(AttemptId id) =>
        _pending.Add(
            new RecordEntry
            {
                Accepted = new() { Jid = id.Jid, Attempt = id.Number },
            }
        );

    /// <summary>Writes pending entries; false: not all could be written, see
    /// <see cref="Libc.Errno"/>.</summary>
    public bool Flush()
    {
        while (_pending.Count > 0)
        {
            nint count;
            fixed (byte* bytes = _pending.Pending.Span)
                count = Libc.write(_fd, bytes, _pending.Count);
            if (count < 0 && Libc.Errno == Libc.EINTR)
                continue;
            if (count <= 0)
                return false;
            _pending.Written((int)count);
            _size += count;
        }
        return true;
    }

    /// <summary>Replaces the file with one that has only these entries. False: the write failed and
    /// the old file is still in use.</summary>
    public bool Rewrite(IEnumerable<RecordEntry> entries)
    {
        if (_fd >= 0 && !Flush())
            return false;
        var temporary = _path + RunFile.NewSuffix;
        var fd = Libc.open(
            temporary,
            Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_APPEND | Libc.O_CLOEXEC,
            0x180
        );
        if (fd < 0)
            return false;
        var (oldFd, oldSize) = (_fd, _size);
        (_fd, _size) = (fd, 0);
        foreach (var entry in entries)
            _pending.Add(entry);
        if (!Flush() || Libc.rename(temporary, _path) != 0)
        {
            var error = Libc.Errno;
            _pending.Written(_pending.Count);
            _ = Libc.close(fd);
            Marshal.SetLastPInvokeError(error);
            (_fd, _size) = (oldFd, oldSize);
            return false;
        }
        if (oldFd >= 0)
            _ = Libc.close(oldFd);
        _rewritten = _size;
        return true;
    }

    public static RecordedStart StartOf(AttemptId id, in SpawnResult process) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Pid = process.Pid,
            TickFirst = process.TickFirst,
            TickLast = process.TickLast,
        };

    public static RecordedNode NodeOf(in SpawnResult process) =>
        new()
        {
            Pid = process.Pid,
            TickFirst = process.TickFirst,
            TickLast = process.TickLast,
        };

    public void Dispose()
    {
        if (_fd >= 0)
            _ = Libc.close(_fd);
    }
}
