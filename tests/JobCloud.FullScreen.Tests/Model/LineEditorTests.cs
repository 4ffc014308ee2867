using FsCheck.Xunit;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class LineEditorTests
{
    private static readonly string[] Keys =
    [
        "a",
        "Space",
        "é",
        "Left",
        "Right",
        "Home",
        "End",
        "Backspace",
        "Del",
        "^U",
        "^K",
        "^W",
    ];

    [Property]
    public bool The_caret_stays_within_the_text(List<byte> pressed)
    {
        var line = new LineEditor("x😀y", 2);
        foreach (var key in pressed)
        {
            line = line.Press(KeyPress.Of(Keys[key % Keys.Length]))!;
            if (line.Caret < 0 || line.Caret > line.Text.Length)
                return false;
        }
        return true;
    }

    [Theory]
    [InlineData("ab", 1, "X", "aXb", 2)]
    [InlineData("ab", 2, "Backspace", "a", 1)]
    [InlineData("ab", 0, "Backspace", "ab", 0)]
    [InlineData("a😀", 3, "Backspace", "a", 1)]
    [InlineData("😀a", 0, "Del", "a", 0)]
    [InlineData("kill 3,7 ", 9, "^W", "kill ", 5)]
    [InlineData("abc", 1, "^K", "a", 1)]
    [InlineData("abc", 1, "^U", "bc", 0)]
    public void Editing_keys_change_the_line(
        string text,
        int caret,
        string key,
        string then,
        int at
    ) =>
        Assert.Equal(new LineEditor(then, at), new LineEditor(text, caret).Press(KeyPress.Of(key)));

    [Fact]
    public void A_key_that_does_not_edit_is_not_handled() =>
        Assert.Null(new LineEditor().Press(KeyPress.Of("F5")));
}
