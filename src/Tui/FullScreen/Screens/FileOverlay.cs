using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>Asks for a path and writes new files there. After an error it stays open with what was
/// typed.</summary>
internal abstract class FileOverlay(MainWindow window, string path) : Overlay(window)
{
    private LineEditor _path = LineEditor.Of(path);
    private string _error = "";
    private bool _isWriting;

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 72), 6);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            if (!_isWriting)
                Begin();
            return true;
        }
        if (_path.Press(key) is not { } next)
            return false;
        _path = next;
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        LineField.Paint(
            canvas.Part(1, 1, canvas.Width - 2, 1),
            _path,
            new Style(Ink.Text, Ground.Field)
        );
        if (_error.Length > 0)
            canvas.Text(1, 3, _error, new Style(Ink.Error, Ground.Dialog));
        else
            canvas.Text(1, 3, _isWriting ? "Writing…" : Note, new Style(Ink.Muted, Ground.Dialog));
    }

    /// <summary>The path typed.</summary>
    protected string Target => TypedPath.Expand(_path.Text);

    /// <summary>What is said below the path; empty: nothing.</summary>
    protected virtual string Note => "";

    /// <summary>Writes the files.</summary>
    protected abstract Task<WrittenFiles> WriteAsync(string path);

    protected virtual void Begin() => _ = RunAsync();

    /// <summary>Writes a new file.</summary>
    /// <param name="write">Returns an error message; empty: all was written.</param>
    protected static async Task<(long Bytes, string Error)> WriteAsync(
        string path,
        Func<FileStream, Task<string>> write
    )
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var error = await write(file).ConfigureAwait(false);
            return (file.Length, error);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (0, $"Cannot write {path}: {failure.Message}");
        }
    }

    private async Task RunAsync()
    {
        _isWriting = true;
        try
        {
            var written = await WriteAsync(Target).ConfigureAwait(false);
            Window.Post(() => End(written));
        }
        catch (OperationCanceledException) { }
    }

    private void End(WrittenFiles written)
    {
        (_isWriting, _error) = (false, written.Error);
        Window.Invalidate();
        if (written.Error.Length > 0)
            return;
        Window.Close(this);
        Window.ShowToast(written.Message, ToastKind.Done);
    }
}

/// <summary>What became of the files that were to be written.</summary>
/// <param name="Message">What was written.</param>
/// <param name="Error">Empty: all was written.</param>
internal sealed record WrittenFiles(string Message, string Error);
