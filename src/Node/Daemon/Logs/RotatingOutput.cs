using System.Runtime.InteropServices;
using System.Text;
using JobCloud.Protocol.Homes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Logs;

/// <summary>Standard output where it is the node's log file. A file over the limit is renamed, in
/// place of the previous one, and a new file takes its place for everything that this process
/// writes, also what the runtime writes when it fails.</summary>
internal sealed partial class RotatingOutput : TextWriter
{
    private const int Stdout = 1,
        Stderr = 2;
    private const int WriteOnly = 1,
        Create = 0x40,
        Append = 0x400,
        CloseOnExec = 0x80000;
    private const int PrivateFile = 0x180; // 0600

    private readonly string _path;
    private readonly long _limit;
    private readonly StreamWriter _writer;
    private readonly FileStream _stream;

    private RotatingOutput(string path, long limitBytes)
    {
        (_path, _limit) = (path, limitBytes);
        _stream = new(new SafeFileHandle(Stdout, ownsHandle: false), FileAccess.Write, 0);
        _writer = new(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Null: standard output is another file.</summary>
    /// <param name="path">The node's log file.</param>
    public static RotatingOutput? Of(string path, long limitBytes)
    {
        // The path of a home may contain links.
        var file = new FileInfo($"/proc/self/fd/{Stdout}").LinkTarget;
        return
            file is not null
            && Path.GetFileName(file) == Path.GetFileName(path)
            && File.Exists(file)
            ? new(file, limitBytes)
            : null;
    }

    public override Encoding Encoding => _writer.Encoding;

    public override void Write(char value) => _writer.Write(value);

    public override void Write(char[] buffer, int index, int count) =>
        _writer.Write(buffer, index, count);

    public override void Write(string? value) => _writer.Write(value);

    /// <summary>Writes what is pending. A full disk must not stop the node, so the lines are
    /// lost.</summary>
    public override void Flush()
    {
        try
        {
            _writer.Flush();
            if (_stream.Length > _limit)
                Rotate();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nowhere to report it.
        }
    }

    private void Rotate()
    {
        File.Move(_path, _path + RunFile.OldSuffix, overwrite: true);
        const int Flags = WriteOnly | Create | Append | CloseOnExec;
        var fresh = Open(_path, Flags, PrivateFile);
        if (fresh < 0)
            return;
        _ = Duplicate(fresh, Stdout);
        _ = Duplicate(fresh, Stderr);
        _ = Close(fresh);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
