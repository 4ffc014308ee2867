using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Asks for a file name and saves all retained output of a stream to that file, not only
/// what is shown; of two streams, each to its own file.</summary>
internal sealed class SaveOutputOverlay(
    MainWindow window,
    Jid jid,
    int attempt,
    OutputChoice choice
) : Overlay(window)
{
    private LineEditor _path = LineEditor.Of(
        choice.IsBoth ? $"job-{jid}" : $"job-{jid}.{Name(choice.Streams[0])}"
    );
    private string _error = "";
    private bool _isSaving;

    public override string Title =>
        $"Save {string.Join(" and ", choice.Streams.Select(Name))} of job {jid}";

    public override string Hint =>
        "= "
        + string.Join(
            "; ",
            choice.Streams.Select(stream =>
                $"jobcloud logs {jid} {Option(stream)}> {ShellWords.Quote(PathOf(stream))}"
            )
        );

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 64), 6);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            if (!_isSaving)
                _ = SaveAsync();
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
        else if (choice.IsBoth)
            canvas.Text(
                1,
                3,
                "Each stream gets a file of its own.",
                new Style(Ink.Muted, Ground.Dialog)
            );
    }

    private static string Name(OutputStream stream) => stream.ToString().ToLowerInvariant();

    private static string Option(OutputStream stream) =>
        stream == OutputStream.Stdout ? "" : $"--{Name(stream)} ";

    private string PathOf(OutputStream stream)
    {
        var path = TypedPath.Expand(_path.Text);
        return choice.IsBoth ? $"{path}.{Name(stream)}" : path;
    }

    private async Task SaveAsync()
    {
        _isSaving = true;
        var saved = new List<string>();
        var error = "";
        foreach (var (stream, path) in choice.Streams.Select(each => (each, PathOf(each))).ToList())
        {
            var (bytes, trouble) = await SaveAsync(stream, path).ConfigureAwait(false);
            if (trouble.Length > 0)
            {
                error = trouble;
                break;
            }
            saved.Add($"{Sizes.Print(bytes)} to {path}");
        }
        Window.Post(() =>
        {
            (_isSaving, _error) = (false, error);
            Window.Invalidate();
            if (error.Length > 0)
                return;
            Window.Close(this);
            Window.ShowToast($"Saved {string.Join(" and ", saved)}.", ToastKind.Done);
        });
    }

    /// <summary>Saves a stream. Returns its size and an error message; empty: none.</summary>
    private async Task<(long Bytes, string Error)> SaveAsync(OutputStream stream, string path)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var request = new OutputRequest
            {
                Jid = jid,
                Attempt = attempt,
                Stream = stream,
            };
            var answers = Window
                .Cloud.StreamAsync(CloudCalls.Output.With(request), Window.Life)
                .ConfigureAwait(false);
            await foreach (var (chunk, refusal) in answers)
            {
                if (chunk is null)
                    return (0, $"Saved only part of the output to {path}: {refusal?.Message}");
                file.Write(chunk.Data.Span);
                if (chunk.End)
                    break;
            }
            return (file.Length, "");
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (0, $"Cannot write {path}: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            return (0, "The UI ended.");
        }
    }
}
