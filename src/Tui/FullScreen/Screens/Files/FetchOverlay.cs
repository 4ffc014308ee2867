using JobCloud.Protocol.Access;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Screens.Files;

/// <summary>Asks where to write a file of a job, or all files of a directory. A directory is
/// fetched by the command, on the terminal.</summary>
internal sealed class FetchOverlay : FileOverlay
{
    private readonly Jid _jid;
    private readonly string _path;
    private readonly bool _isFile;

    private FetchOverlay(MainWindow window, Jid jid, string path, bool isFile, string target)
        : base(window, target) => (_jid, _path, _isFile) = (jid, path, isFile);

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

    protected override void Begin()
    {
        if (_isFile)
        {
            base.Begin();
            return;
        }
        Window.Close(this);
        Window.Effects.Enqueue(new Effect.RunChild(Command, Waits: true));
    }

    protected override async Task<WrittenFiles> WriteAsync(string path)
    {
        var (bytes, error) = await WriteAsync(path, FetchAsync).ConfigureAwait(false);
        return new($"Saved {Sizes.Print(bytes)} to {path}.", error);
    }

    private async Task<string> FetchAsync(FileStream file)
    {
        var error = "";
        var request = CloudCalls.Files.With(new() { Jid = _jid, Path = _path });
        var answers = Window.Cloud.StreamAsync(request, Window.Life).ConfigureAwait(false);
        await foreach (var (reply, refusal) in answers)
        {
            if (reply is not null)
                file.Write(reply.Data.Span);
            error = refusal is null ? error : $"Only part was saved: {refusal.Message}";
        }
        return error;
    }
}
