using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The user's own files: what was chosen, and themes (XDG Base Directory
/// Specification).</summary>
/// <param name="folder"><c>$XDG_CONFIG_HOME/jobcloud</c>.</param>
internal sealed class UserFiles(string folder)
{
    private const string ThemeEnd = ".json";

    private string ChoicesPath => Path.Combine(folder, "tui.json");

    /// <summary>Where the environment says that they are.</summary>
    public static UserFiles Of(Func<string, string?> environment)
    {
        var config = environment("XDG_CONFIG_HOME");
        // A relative one is to be ignored.
        if (config is null || !Path.IsPathRooted(config))
            config = Path.Combine(
                environment("HOME") is { Length: > 0 } home ? home : "/",
                ".config"
            );
        return new UserFiles(Path.Combine(config, "jobcloud"));
    }

    /// <summary>What is there; a sentence for each file that cannot be used.</summary>
    public UserChoices Read()
    {
        var troubles = new List<string>();
        var choices = new Choices();
        if (Text(ChoicesPath, troubles) is { } text)
        {
            var read = Choices.Read(text);
            if (read.Ok)
                choices = read.Value;
            else
                troubles.Add($"{ChoicesPath} is left aside: {read.Error.Message}");
        }
        return new UserChoices(choices, [.. Palettes.All, .. Themes(troubles)], troubles);
    }

    /// <summary>Why it could not be written; null: it was.</summary>
    public string? Write(Choices choices)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // Whoever reads meanwhile finds the one or the other whole.
            var fresh = $"{ChoicesPath}.{Environment.ProcessId}";
            File.WriteAllText(fresh, choices.Print());
            File.Move(fresh, ChoicesPath, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"What you chose cannot be kept: {failure.Message}";
        }
    }

    private List<Palette> Themes(List<string> troubles)
    {
        var themes = new List<Palette>();
        var place = Path.Combine(folder, "themes");
        if (!Directory.Exists(place))
            return themes;
        foreach (var path in Directory.EnumerateFiles(place, $"*{ThemeEnd}").Order())
        {
            if (Text(path, troubles) is not { } text)
                continue;
            var read = ThemeText.Read(Path.GetFileNameWithoutExtension(path), text);
            if (read.Ok)
                themes.Add(read.Value);
            else
                troubles.Add($"{path} is left aside: {read.Error.Message}.");
        }
        return themes;
    }

    private static string? Text(string path, List<string> troubles)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            troubles.Add($"{path} cannot be read: {failure.Message}");
            return null;
        }
    }
}

/// <summary>What a user has chosen and may choose from.</summary>
/// <param name="Themes">The product's first; of two with one name the user's counts.</param>
/// <param name="Troubles">Sentences.</param>
internal sealed record UserChoices(
    Choices Choices,
    IReadOnlyList<Palette> Themes,
    IReadOnlyList<string> Troubles
)
{
    /// <summary>By name; null: there is none.</summary>
    public Palette? Theme(string name) => Themes.LastOrDefault(theme => theme.Name == name);

    public static UserChoices None { get; } = new(new Choices(), Palettes.All, []);
}
