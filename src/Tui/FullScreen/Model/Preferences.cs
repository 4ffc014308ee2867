using System.Text.Encodings.Web;
using System.Text.Json;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The user's preferences, saved across sessions.</summary>
/// <param name="Theme">The name of the theme; null: not set.</param>
/// <param name="Sort">The column by which the job table is sorted; null: newest first.</param>
internal sealed record Preferences(
    string? Theme = null,
    bool Mouse = true,
    bool Ascii = false,
    string? Sort = null,
    bool Descending = false
)
{
    /// <summary>The names of the hidden columns of the job table.</summary>
    public IReadOnlyList<string> HiddenColumns { get; init; } = [];

    /// <summary>Parses the output of <see cref="Print"/>. Ignores unknown keys, which a newer
    /// version may have written.</summary>
    public static Parsed<Preferences> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var read = document.RootElement;
            return new Preferences(
                Text(read, "theme"),
                Flag(read, "mouse", true),
                Flag(read, "ascii", false),
                Text(read, "sort"),
                Flag(read, "descending", false)
            )
            {
                HiddenColumns = read.TryGetProperty("hidden_columns", out var hidden)
                    ? [.. hidden.EnumerateArray().Select(name => name.GetString()!)]
                    : [],
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return new TextError(0, 0, failure.Message);
        }
    }

    public string Print()
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("theme", Theme);
            json.WriteBoolean("mouse", Mouse);
            json.WriteBoolean("ascii", Ascii);
            json.WriteString("sort", Sort);
            json.WriteBoolean("descending", Descending);
            json.WriteStartArray("hidden_columns");
            foreach (var name in HiddenColumns)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement from, string name, bool defaultValue) =>
        from.TryGetProperty(name, out var value) ? value.GetBoolean() : defaultValue;
}
