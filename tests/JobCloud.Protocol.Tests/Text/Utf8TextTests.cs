using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Tests.Text;

public sealed class Utf8TextTests
{
    [Property]
    public void Escaped_bytes_come_back(byte[] bytes)
    {
        Assert.Equal(bytes, Utf8Text.Unescape(Utf8Text.Escape(bytes)));
        // Bytes that look like escapes are the hard ones.
        var hard = bytes.Select(b => @"\x5CEé1"u8[b % 8]).ToArray();
        Assert.Equal(hard, Utf8Text.Unescape(Utf8Text.Escape(hard)));
    }

    [Theory]
    [InlineData("data.txt")]
    [InlineData("Größe ✓ \uFFFD")]
    [InlineData(@"a\b\xyz\x1")]
    public void Text_is_shown_as_it_is(string name) =>
        Assert.Equal(name, Utf8Text.Escape(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_shown_as_numbers()
    {
        Assert.Equal(@"caf\xE9.txt", Utf8Text.Escape([.. "caf"u8, 0xE9, .. ".txt"u8]));
        Assert.Equal(@"\x5CxE9", Utf8Text.Escape(@"\xE9"u8));
        Assert.Null(Utf8Text.Of([0xE9]));
    }
}
