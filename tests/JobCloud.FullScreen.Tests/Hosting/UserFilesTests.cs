using JobCloud.Tui.FullScreen.Hosting;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Hosting;

public sealed class UserFilesTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("jc-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Saved_preferences_are_read_again()
    {
        Assert.Null(Files().Write(new Preferences("light", Mouse: false)));
        var found = Files().Read();
        Assert.Empty(found.Errors);
        Assert.Equal(("light", false), (found.Preferences.Theme, found.Preferences.Mouse));
    }

    [Fact]
    public void Missing_files_are_not_an_error() => Assert.Empty(Files().Read().Errors);

    [Fact]
    public void An_invalid_file_is_reported_and_ignored()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, ".config/jobcloud/themes"));
        File.WriteAllText(Path.Combine(folder.FullName, "bad.json"), "{");
        File.WriteAllText(Path.Combine(folder.FullName, "dark.json"), "{}");
        File.WriteAllText(Path.Combine(folder.Parent!.FullName, "tui.json"), "no");
        var found = Files().Read();
        Assert.Contains(found.Errors, error => error.Contains("bad.json"));
        Assert.Contains(found.Errors, error => error.Contains("tui.json"));
        Assert.Equal(new Preferences().Theme, found.Preferences.Theme);
        Assert.Same(found.Themes[^1], found.Theme("dark"));
    }

    private UserFiles Files() => UserFiles.Of(name => name == "HOME" ? _home : null);
}
