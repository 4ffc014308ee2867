using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Asks for a file name and saves all retained output of a stream to that file, not only
/// what is shown; of two streams, each to its own file.</summary>
internal sealed class SaveOutputOverlay(
    MainWindow window,
    Jid jid,
    int attempt,
    OutputChoice choice
) : FileOverlay(window, choice.IsBoth ? $"job-{jid}" : $"job-{jid}.{Name(choice.Streams[0])}")
{
    public override string Title =>
        $"Save {string.Join(" and ", choice.Streams.Select(Name))} of job {jid}";

    public override string Hint =>
        "= "
        + string.Join(
            "; ",
            choice.Streams.Select(stream =>
                $"jobcloud logs {jid} {Option(stream)}> {ShellWords.Quote(PathOf(Target, stream))}"
            )
        );

    protected override string Note => choice.IsBoth ? "Each stream gets a file of its own." : "";

    protected override async Task<WrittenFiles> WriteAsync(string path)
    {
        var saved = new List<string>();
        foreach (var stream in choice.Streams)
        {
            var target = PathOf(path, stream);
            var (bytes, error) = await WriteAsync(target, file => SaveAsync(stream, file))
                .ConfigureAwait(false);
            if (error.Length > 0)
                return new("", error);
            saved.Add($"{Sizes.Print(bytes)} to {target}");
        }
        return new($"Saved {string.Join(" and ", saved)}.", "");
    }

    private static string Name(OutputStream stream) => stream.ToString().ToLowerInvariant();

    private static string Option(OutputStream stream) =>
        stream == OutputStream.Stdout ? "" : $"--{Name(stream)} ";

    private string PathOf(string path, OutputStream stream) =>
        choice.IsBoth ? $"{path}.{Name(stream)}" : path;

    private async Task<string> SaveAsync(OutputStream stream, FileStream file)
    {
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
                return $"Saved only part of the output to {file.Name}: {refusal?.Message}";
            file.Write(chunk.Data.Span);
            if (chunk.End)
                break;
        }
        return "";
    }
}
