using System.Globalization;
using Akka.Actor.Setup;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The UI's log file, because nothing must write to the screen. It is rotated when it is
/// too long, and one older file is kept. If it cannot be written, nothing is logged.</summary>
/// <param name="path">Null: no log is written.</param>
internal sealed class UiLog(string? path, TimeProvider clock) : Setup
{
    private const long MaxBytes = 1 << 20;

    private readonly Lock _gate = new();

    public void Write(string message, Exception? cause = null)
    {
        if (path is null)
            return;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {message.ReplaceLineEndings("\n  ")}"
        );
        if (cause is not null)
            line += $"\n  {cause.ToString().ReplaceLineEndings("\n  ")}";
        lock (_gate)
            try
            {
                Directory.CreateDirectory(
                    Path.GetDirectoryName(path)!,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
                if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                    File.Move(path, $"{path}.1", overwrite: true);
                File.AppendAllText(path, line + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // For example, a full disk must not end the UI.
            }
    }
}
