using System.Buffers.Text;
using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>A cgroup control file of the kernel. It is opened at its first use and stays open,
/// which makes a read ten times cheaper, unless so many are open that jobs would lack
/// descriptors.</summary>
internal sealed unsafe class ControlFile(string path) : IDisposable
{
    private const int NotOpened = -1,
        Missing = -2;
    private const int LongestText = 4096;

    /// <summary>Lists such as cgroup.procs may be longer than any other file.</summary>
    private const int FirstListBytes = 4096;

    /// <summary>Files that stay open take at most this part of the descriptors.</summary>
    private const int PartOfDescriptors = 4;

    private static readonly int StayOpenMax = (int)
        Math.Min(OpenFilesLimit.Raised / PartOfDescriptors, int.MaxValue);

    private static int _stayOpen;

    private int _fd = NotOpened;

    /// <summary>Writes the text in one call; returns 0 or an errno.</summary>
    public int Write(ReadOnlySpan<byte> text)
    {
        var fd = Open(Libc.O_WRONLY);
        if (fd < 0)
            return _fd == Missing ? Libc.ENOENT : Libc.Errno;
        int error;
        fixed (byte* bytes = text)
            error = Libc.write(fd, bytes, text.Length) < 0 ? Libc.Errno : 0;
        CloseUnlessKept(fd);
        return error;
    }

    /// <summary>The number in the file; -1: no such file, or no number in it.</summary>
    public long Number()
    {
        Span<byte> buffer = stackalloc byte[64];
        return Utf8Parser.TryParse(Read(buffer), out long number, out _) ? number : -1;
    }

    /// <summary>The current content, truncated to the buffer.</summary>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        var fd = Open(Libc.O_RDONLY);
        if (fd < 0)
            return [];
        nint count;
        fixed (byte* bytes = buffer)
            count = Libc.pread(fd, bytes, buffer.Length, 0);
        CloseUnlessKept(fd);
        return buffer[..(int)Math.Max(0, count)];
    }

    /// <summary>The number after this key, as in memory.stat; -1: the key is missing.</summary>
    public long Number(ReadOnlySpan<byte> key)
    {
        Span<byte> buffer = stackalloc byte[LongestText];
        return KeyedText.Number(Read(buffer), key);
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.close(_fd);
            Interlocked.Decrement(ref _stayOpen);
        }
        _fd = Missing;
    }

    /// <summary>Writes the text to a file that is used once; returns 0 or an errno.</summary>
    public static int Write(string path, string text)
    {
        using var file = new ControlFile(path);
        return file.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>The current content of a file; null: it cannot be read.</summary>
    public static byte[]? ReadAll(string path)
    {
        var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return null;
        var text = new byte[FirstListBytes];
        var length = 0;
        nint count;
        do
        {
            if (length == text.Length)
                Array.Resize(ref text, 2 * length);
            fixed (byte* bytes = text)
                count = Libc.read(fd, bytes + length, text.Length - length);
            length += (int)Math.Max(0, count);
        } while (count > 0);
        _ = Libc.close(fd);
        return text[..length];
    }

    /// <summary>Returns an open descriptor; negative: it cannot be opened.</summary>
    private int Open(int flags)
    {
        if (_fd != NotOpened)
            return _fd;
        var fd = Libc.open(path, flags | Libc.O_CLOEXEC, 0);
        if (fd < 0)
        {
            if (!Libc.IsOutOfDescriptors(Libc.Errno))
                _fd = Missing;
        }
        else if (Interlocked.Increment(ref _stayOpen) <= StayOpenMax)
            _fd = fd;
        else
            Interlocked.Decrement(ref _stayOpen);
        return fd;
    }

    private void CloseUnlessKept(int fd)
    {
        if (fd != _fd)
            _ = Libc.close(fd);
    }
}
