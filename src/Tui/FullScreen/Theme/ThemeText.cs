using System.Globalization;
using System.Text.Json;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.Drawing;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>Parses a user's theme: a JSON object with <c>base</c> (dark or light), <c>summary</c>,
/// and the colours that differ under <c>inks</c> and <c>grounds</c>, such as <c>"error":
/// "#ff0000"</c>.</summary>
internal static class ThemeText
{
    private const string Dark = "dark";

    /// <param name="name">The name of the theme.</param>
    public static Parsed<Palette> Read(string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var read = document.RootElement;
            var basis = read.TryGetProperty("base", out var value) ? value.GetString() : Dark;
            if (Palettes.Colors(basis!) is not { } colors)
                return Invalid($"base '{basis}' is neither dark nor light");
            var error =
                Change<Ink>(read, "inks", colors.Inks)
                ?? Change<Ground>(read, "grounds", colors.Grounds);
            if (error is not null)
                return Invalid(error);
            var summary = read.TryGetProperty("summary", out var description)
                ? description.GetString()!
                : "";
            return new Palette(name, summary, colors.Inks, colors.Grounds)
            {
                IsLight = basis == Palettes.Light.Name,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return Invalid(failure.Message);
        }
    }

    private static string? Change<T>(JsonElement read, string part, Color[] colors)
        where T : struct, Enum
    {
        if (!read.TryGetProperty(part, out var changes))
            return null;
        foreach (var change in changes.EnumerateObject())
        {
            var number = Array.FindIndex(
                Enum.GetNames<T>(),
                known => known.Equals(change.Name, StringComparison.OrdinalIgnoreCase)
            );
            if (number < 0)
                return $"unknown name '{change.Name}' in {part}; known names: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}";
            if (ColorOf(change.Value.GetString() ?? "") is not { } color)
                return $"the value of {change.Name} must be a colour such as #7cc4ff";
            colors[number] = color;
        }
        return null;
    }

    private static Color? ColorOf(string text) =>
        text.Length == 7
        && text[0] == '#'
        && int.TryParse(
            text.AsSpan(1),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var rgb
        )
            ? Palettes.Rgb(rgb)
            : null;

    private static TextError Invalid(string message) => new(0, 0, message);
}
