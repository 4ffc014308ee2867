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
/// what is shown.</summary>
internal sealed class SaveOutputOverlay(
    MainWindow window,
    Jid jid,
    int attempt,
    OutputChoice choice
) : Overlay(window)
{
    private readonly OutputStream _stream = choice.Streams[0];
    private LineEditor _path = LineEditor.Of($"job-{jid}.{Name(choice.Streams[0])}");

    public override string Title => $"Save {Name(_stream)} of job {jid}";
    public override string Hint =>
        $"= jobcloud logs {jid} {Option}> {ShellWords.Quote(_path.Text)}";

    private string Option => _stream == OutputStream.Stdout ? "" : $"--{Name(_stream)} ";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 64), 5);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            Window.Close(this);
            _ = SaveAsync(_path.Text);
            return true;
        }
        if (_path.Press(key) is not { } next)
            return false;
        _path = next;
        return true;
    }

    public override void Paint(Canvas canvas) =>
        LineField.Paint(
            canvas.Part(1, 1, canvas.Width - 2, 1),
            _path,
            new Style(Ink.Text, Ground.Field)
        );

    private static string Name(OutputStream stream) => stream.ToString().ToLowerInvariant();

    private async Task SaveAsync(string path)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            var request = new OutputRequest
            {
                Jid = jid,
                Attempt = attempt,
                Stream = _stream,
            };
            var answers = Window
                .Cloud.StreamAsync(CloudCalls.Output.With(request), Window.Life)
                .ConfigureAwait(false);
            await foreach (var (chunk, refusal) in answers)
            {
                if (chunk is null)
                {
                    ShowToast(
                        $"Saved only part of the output to {path}: {refusal?.Message}",
                        ToastKind.Error
                    );
                    return;
                }
                file.Write(chunk.Data.Span);
                if (chunk.End)
                    break;
            }
            ShowToast($"Saved {Sizes.Print(file.Length)} to {path}.", ToastKind.Done);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            ShowToast($"Cannot write {path}: {failure.Message}", ToastKind.Error);
        }
        catch (OperationCanceledException) { }
    }

    private void ShowToast(string text, ToastKind kind) =>
        Window.Post(() => Window.ShowToast(text, kind));
}
