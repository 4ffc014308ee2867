using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The user's files: preferences and themes (XDG Base Directory Specification).</summary>
/// <param name="folder"><c>$XDG_CONFIG_HOME/jobcloud</c>.</param>
internal sealed class UserFiles(string folder)
{
    private const string ThemeEnd = ".json";

    private string ChoicesPath => Path.Combine(folder, "tui.json");

    /// <summary>The files in the directory that the environment names.</summary>
    public static UserFiles Of(Func<string, string?> environment)
    {
        var config = environment("XDG_CONFIG_HOME");
        // A relative path must be ignored.
        if (config is null || !Path.IsPathRooted(config))
            config = Path.Combine(
                environment("HOME") is { Length: > 0 } home ? home : "/",
                ".config"
            );
        return new UserFiles(Path.Combine(config, "jobcloud"));
    }

    /// <summary>Reads the files, with an error message for each that cannot be used.</summary>
    public UserConfig Read()
    {
        var errors = new List<string>();
        var preferences = new Preferences();
        if (Text(ChoicesPath, errors) is { } text)
        {
            var read = Preferences.Read(text);
            if (read.Ok)
                preferences = read.Value;
            else
                errors.Add($"Ignored {ChoicesPath}: {read.Error.Message}");
        }
        return new UserConfig(preferences, [.. Palettes.All, .. Themes(errors)], errors);
    }

    /// <summary>Saves the preferences. Returns an error message, or null.</summary>
    public string? Write(Preferences preferences)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // A concurrent reader sees either the old or the new file.
            var temporary = $"{ChoicesPath}.{Environment.ProcessId}";
            File.WriteAllText(temporary, preferences.Print());
            File.Move(temporary, ChoicesPath, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"Cannot save your preferences: {failure.Message}";
        }
    }

    private List<Palette> Themes(List<string> errors)
    {
        var themes = new List<Palette>();
        var directory = Path.Combine(folder, "themes");
        if (!Directory.Exists(directory))
            return themes;
        foreach (var path in Directory.EnumerateFiles(directory, $"*{ThemeEnd}").Order())
        {
            if (Text(path, errors) is not { } text)
                continue;
            var read = ThemeText.Read(Path.GetFileNameWithoutExtension(path), text);
            if (read.Ok)
                themes.Add(read.Value);
            else
                errors.Add($"Ignored {path}: {read.Error.Message}.");
        }
        return themes;
    }

    private static string? Text(string path, List<string> errors)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.Add($"Cannot read {path}: {failure.Message}");
            return null;
        }
    }
}

/// <summary>The user's preferences and available themes.</summary>
/// <param name="Themes">The built-in themes, then the user's, which override built-in ones of the
/// same name.</param>
/// <param name="Errors">Error messages for the files that could not be used.</param>
internal sealed record UserConfig(
    Preferences Preferences,
    IReadOnlyList<Palette> Themes,
    IReadOnlyList<string> Errors
)
{
    /// <summary>The theme with a name, or null.</summary>
    public Palette? Theme(string name) => Themes.LastOrDefault(theme => theme.Name == name);

    public static UserConfig None { get; } = new(new Preferences(), Palettes.All, []);
}
