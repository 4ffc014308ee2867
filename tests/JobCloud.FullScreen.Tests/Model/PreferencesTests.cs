using FsCheck.Xunit;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class PreferencesTests
{
    [Property]
    public bool Preferences_round_trip(
        bool mouse,
        bool ascii,
        bool descending,
        byte theme,
        byte hidden
    )
    {
        var names = JobColumns.All.Select(column => column.Name).ToArray();
        var chosen = new Preferences(
            theme == 0 ? null : $"mine {theme} \"ä\"",
            mouse,
            ascii,
            theme % 2 == 0 ? null : names[theme % names.Length],
            descending
        )
        {
            HiddenColumns = [.. names.Take(hidden % names.Length)],
        };
        var read = Preferences.Read(chosen.Print()).Value!;
        return read.HiddenColumns.SequenceEqual(chosen.HiddenColumns)
            && read with { HiddenColumns = chosen.HiddenColumns } == chosen;
    }

    [Fact]
    public void Unknown_keys_are_ignored() =>
        Assert.Equal("light", Preferences.Read("""{"theme": "light", "moon": 3}""").Value!.Theme);

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"theme": 3}""")]
    [InlineData("""{"hidden_columns": "label"}""")]
    public void Invalid_files_are_rejected(string text) => Assert.False(Preferences.Read(text).Ok);
}
