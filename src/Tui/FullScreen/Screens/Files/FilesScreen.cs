using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Files;

/// <summary>The files in a job's own directory.</summary>
internal sealed class FilesScreen : Screen
{
    private static readonly KeyTable Table = new("files", FilesKeys.All, ListKeys.All);

    private readonly Jid _jid;
    private readonly CancellationTokenSource _life = new();
    private readonly RowCursor<FileEntry, EntryName> _entries = new(entry => new(entry.Name));
    private string _path = "";
    private string _note = "Loading…";
    private int _asked;

    private FilesScreen(MainWindow window, Jid jid)
        : base(window, Table)
    {
        _jid = jid;
        OnMoves(_entries);
        On(FilesKeys.Open, OpenEntry, () => _entries.Current is not null, "There are no files.");
        On(FilesKeys.Up, () => Go(Above()), () => _path.Length > 0, "This is the top directory.");
        On(
            FilesKeys.FetchAll,
            () => Window.ShowDialog(FetchOverlay.Directory(Window, _jid, _path)),
            () => _entries.Rows.Count > 0,
            "There are no files."
        );
        On(FilesKeys.Copy, Copy, () => _entries.Current is not null, "There are no files.");
        On(FilesKeys.Reload, () => Go(_path));
        Go("");
    }

    public override bool ShowsPast => false;

    public override string Crumb => $"files {_jid}";
    public override string Aside => "/" + _path;

    public static Screen Open(MainWindow window, Jid jid) => new FilesScreen(window, jid);

    public override void Closed()
    {
        _life.Cancel();
        _life.Dispose();
    }

    public override bool Clear()
    {
        if (_path.Length == 0)
            return false;
        Go(Above());
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        var style = new Style(Ink.Muted, Strong: true);
        var name = Math.Max(20, canvas.Width - 40);
        canvas.Text(3, 0, "NAME", style);
        canvas.TextRight(name + 12, 0, "SIZE", style);
        canvas.Text(name + 14, 0, "MODIFIED", style);
        _entries.Resize(canvas.Height - 1);
        if (_entries.Rows.Count == 0)
            canvas.Text(3, 2, _note, Ink.Muted);
        for (var y = 0; y < _entries.Height && _entries.Top + y < _entries.Rows.Count; y++)
        {
            var entry = _entries.Rows[_entries.Top + y];
            canvas.Text(3, y + 1, Shown(entry), InkOf(entry), name - 4);
            if (entry.Kind == FileKind.Regular)
                canvas.TextRight(name + 12, y + 1, Sizes.Short(entry.Size), Ink.Text);
            var modified = Instants.Short(entry.Modified, Window.OffsetAt(entry.Modified));
            canvas.Text(name + 14, y + 1, modified, Ink.Muted);
            if (_entries.Top + y != _entries.Cursor)
                continue;
            canvas.Ground(y + 1, Ground.Cursor);
            canvas.Put(0, y + 1, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            _entries.Scroll(pointing == MouseAction.WheelUp ? -3 : 3);
        else if (y > 0 && _entries.Top + y - 1 < _entries.Rows.Count)
            _entries.GoTo(_entries.Top + y - 1);
        if (pointing == MouseAction.DoubleClick)
            Do(FilesKeys.Open);
    }

    private void OpenEntry()
    {
        var entry = _entries.Current!;
        if (entry.Kind == FileKind.Directory)
            Go(PathOf(entry));
        else if (entry.Kind == FileKind.Link)
            Window.ShowToast("Links are not followed: they could lead out of the directory.");
        else
            Window.ShowDialog(FetchOverlay.File(Window, _jid, PathOf(entry)));
    }

    private string Above() => _path.LastIndexOf('/') is >= 0 and var end ? _path[..end] : "";

    private string PathOf(FileEntry entry) =>
        _path.Length > 0 ? $"{_path}/{entry.Name}" : entry.Name;

    private void Copy()
    {
        var path = PathOf(_entries.Current!);
        Window.Effects.Enqueue(new Effect.Copy(path));
        Window.ShowToast($"Copied {path}.");
    }

    private void Go(string path)
    {
        (_path, _note) = (path, "Loading…");
        _entries.Accept([]);
        _ = LoadAsync(path, ++_asked);
    }

    private async Task LoadAsync(string path, int asked)
    {
        var (entries, note) = (new List<FileEntry>(), "This directory is empty.");
        try
        {
            var request = CloudCalls.Files.With(new() { Jid = _jid, Path = path });
            var answers = Window.Cloud.StreamAsync(request, _life.Token).ConfigureAwait(false);
            await foreach (var (reply, refusal) in answers)
            {
                entries.AddRange(reply?.Entries ?? []);
                if (reply?.Elsewhere is { Length: > 0 } elsewhere)
                    note = $"The job left nothing in its own directory; it ran in {elsewhere}.";
                note = refusal?.Message ?? note;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Window.Post(() =>
        {
            if (asked != _asked)
                return;
            _note = note;
            _entries.Accept(entries);
            Window.Invalidate();
        });
    }

    private static string Shown(FileEntry entry) =>
        entry.Kind switch
        {
            FileKind.Directory => entry.Name + "/",
            FileKind.Link => entry.Name + "@",
            _ => entry.Name,
        };

    private static Ink InkOf(FileEntry entry) =>
        entry.Kind == FileKind.Regular ? Ink.Text : Ink.Accent;

    private readonly record struct EntryName(string Name);
}
