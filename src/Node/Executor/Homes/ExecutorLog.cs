using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Homes;

/// <summary>The executor's log: one line per notable event, in a file of limited size or on stderr.
/// Thread-safe.</summary>
internal sealed class ExecutorLog : IDisposable
{
    private const int Stderr = 2;
    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly long _limit;

    /// <summary>Null: it could not be opened; the next line tries again.</summary>
    private FileStream? _file;

    /// <param name="path">Null: log to stderr.</param>
    public ExecutorLog(string? path, long limitBytes)
    {
        (_path, _limit) = (path, limitBytes);
        _file = path is null
            ? new(new SafeFileHandle(Stderr, ownsHandle: false), FileAccess.Write, 0)
            : TryOpen(path);
    }

    public void Write(string line)
    {
        var at = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes($"{at} {line}\n");
        lock (_gate)
        {
            try
            {
                _file ??= _path is null ? null : TryOpen(_path);
                _file?.Write(bytes);
                if (_path is not null && _file?.Length > _limit)
                    SetAside(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk must not stop the jobs, so the line is lost.
            }
        }
    }

    public void WriteFault(Exception fault) => Write($"a fault of the executor: {fault}");

    public void Dispose() => _file?.Dispose();

    /// <summary>Renames a log that exceeds the limit and replaces the previous renamed
    /// log.</summary>
    public static void SetAsideWhenLong(string path, long limitBytes)
    {
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > limitBytes)
                File.Move(path, path + ".1", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log grows until a later start can rename it.
        }
    }

    private void SetAside(string path)
    {
        _file?.Dispose();
        _file = null;
        File.Move(path, path + ".1", overwrite: true);
        _file = TryOpen(path);
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            const FileShare All = FileShare.ReadWrite | FileShare.Delete;
            return new(path, FileMode.Append, FileAccess.Write, All, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
