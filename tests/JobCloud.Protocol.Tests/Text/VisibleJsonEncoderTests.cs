using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Tests.Text;

public sealed class VisibleJsonEncoderTests
{
    [Property]
    public void Json_is_visible_and_keeps_the_text(char[] characters)
    {
        var text = new string([
            .. characters.Where(c => !char.IsSurrogate(c)),
            '\u202E',
            '\e',
            '\n',
        ]);
        var json = Encode(text);
        Assert.True(VisibleText.IsVisible(json));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
    }

    [Fact]
    public void Readable_text_stays_readable()
    {
        Assert.Equal("\"<b>'ü'&漢\"", Encode("<b>'ü'&漢"));
        Assert.Equal("\"\\u202E\\uDB40\\uDC41\"", Encode("\u202E\U000E0041"));
    }

    private static string Encode(string text)
    {
        using var buffer = new MemoryStream();
        using (var json = DocumentWriter.New(buffer))
            json.WriteStringValue(text);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
