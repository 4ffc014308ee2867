using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>Asks for a file name and saves the table to that file.</summary>
internal sealed class SaveOverlay(MainWindow window, IReadOnlyList<JobRow> rows) : Overlay(window)
{
    private LineEditor _path = LineEditor.Of("jobs.csv");
    private string _error = "";

    public override string Title => $"Save {rows.Count} rows to a file";
    public override string Hint => ".csv or .json · Enter saves · Esc closes";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 64), 6);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            _error = Write(Window, _path.Text, rows);
            if (_error.Length == 0)
                Window.Close(this);
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
        canvas.Text(1, 3, _error, new Style(Ink.Error, Ground.Dialog));
    }

    /// <summary>Saves rows to a file. Returns an error message; empty: saved.</summary>
    public static string Write(MainWindow window, string typed, IReadOnlyList<JobRow> rows)
    {
        var path = TypedPath.Expand(typed);
        var json = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        try
        {
            var text = json ? TableText.Json(rows, window.Now) : TableText.Csv(rows, window.Now);
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            window.ShowToast($"Saved {rows.Count} rows to {path}.", ToastKind.Done);
            return "";
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"Cannot write {path}: {failure.Message}";
        }
    }
}
