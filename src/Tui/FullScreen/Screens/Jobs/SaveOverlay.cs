using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>Asks for a file name and saves the table to that file.</summary>
internal sealed class SaveOverlay(MainWindow window, IReadOnlyList<JobRow> rows)
    : FileOverlay(window, "jobs.csv")
{
    public override string Title => $"Save {rows.Count} rows to a file";
    public override string Hint => ".csv or .json · Enter saves · Esc closes";

    protected override Task<WrittenFiles> WriteAsync(string path) => WriteAsync(Window, path, rows);

    /// <summary>Saves rows to a file.</summary>
    public static async Task<WrittenFiles> WriteAsync(
        MainWindow window,
        string path,
        IReadOnlyList<JobRow> rows
    )
    {
        var now = window.Now;
        var (_, error) = await WriteAsync(
                path,
                file =>
                {
                    var isJson = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
                    var text = isJson ? TableText.Json(rows, now) : TableText.Csv(rows, now);
                    file.Write(Encoding.UTF8.GetBytes(text));
                    return Task.FromResult("");
                }
            )
            .ConfigureAwait(false);
        return new($"Saved {rows.Count} rows to {path}.", error);
    }
}
