using JobCloud.Protocol.Access;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Files;

/// <summary>Asks where to write a file of a job, or all files of a directory. A directory is
/// fetched by the command, on the terminal.</summary>
internal sealed class FetchOverlay : Overlay
{
    private readonly Jid _jid;
    private readonly string _path;
    private readonly bool _isFile;
    private LineEditor _target;
    private string _error = "";
    private bool _isWriting;

    private FetchOverlay(MainWindow window, Jid jid, string path, bool isFile, string target)
        : base(window)
    {
        (_jid, _path, _isFile) = (jid, path, isFile);
        _target = LineEditor.Of(target);
    }

    public static FetchOverlay File(MainWindow window, Jid jid, string path) =>
        new(window, jid, path, isFile: true, path[(path.LastIndexOf('/') + 1)..]);

    public static FetchOverlay Directory(MainWindow window, Jid jid, string path) =>
        new(window, jid, path, isFile: false, $"job-{jid}");

    public override string Title => _isFile ? $"Save {_path}" : $"Fetch /{_path} into";

    public override string Hint => "= jobcloud " + ShellWords.Join(Command);

    private List<string> Command =>
        _isFile
            ? ["files", $"{_jid}", _path]
            :
            [
                "files",
                $"{_jid}",
                .. _path.Length > 0 ? [_path] : Array.Empty<string>(),
                "--output-dir",
                Target,
            ];

    private string Target => TypedPath.Expand(_target.Text);

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 72), 6);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            Write();
            return true;
        }
        if (_target.Press(key) is not { } next)
            return false;
        _target = next;
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        LineField.Paint(
            canvas.Part(1, 1, canvas.Width - 2, 1),
            _target,
            new Style(Ink.Text, Ground.Field)
        );
        canvas.Text(
            1,
            3,
            _isWriting ? "Fetching…" : _error,
            new Style(_isWriting ? Ink.Muted : Ink.Error, Ground.Dialog)
        );
    }

    private void Write()
    {
        if (_isWriting)
            return;
        if (_isFile)
        {
            _isWriting = true;
            _ = WriteAsync(Target);
            return;
        }
        Window.Close(this);
        Window.Effects.Enqueue(new Effect.RunChild(Command, Waits: true));
    }

    private async Task WriteAsync(string path)
    {
        var error = "";
        var written = 0L;
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var request = CloudCalls.Files.With(new() { Jid = _jid, Path = _path });
            var answers = Window.Cloud.StreamAsync(request, Window.Life).ConfigureAwait(false);
            await foreach (var (reply, refusal) in answers)
            {
                if (reply is not null)
                    file.Write(reply.Data.Span);
                error = refusal is null ? error : $"Only part was saved: {refusal.Message}";
            }
            written = file.Length;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error = $"Cannot write {path}: {failure.Message}";
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Window.Post(() =>
        {
            (_isWriting, _error) = (false, error);
            Window.Invalidate();
            if (error.Length > 0)
                return;
            Window.Close(this);
            Window.ShowToast($"Saved {Sizes.Print(written)} to {path}.", ToastKind.Done);
        });
    }
}
