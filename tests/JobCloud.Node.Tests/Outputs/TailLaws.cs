using System.Text;
using FsCheck.Xunit;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Protocol;

namespace JobCloud.Node.Tests.Outputs;

public sealed class TailLaws
{
    private const int Few = 5;

    // Bytes that start, continue and break characters of every length.
    private static readonly byte[] Alphabet =
    [
        0x41,
        0x0A,
        0x80,
        0xBF,
        0xA0,
        0x9F,
        0xC3,
        0xE2,
        0xE0,
        0xED,
        0xF0,
        0xF4,
        0xFF,
        0xC0,
        0x00,
    ];

    [Property(MaxTest = 2000)]
    public void The_tail_of_any_bytes_is_the_end_of_their_decoded_text(byte[] dice)
    {
        var stream = dice.Select(die => Alphabet[die % Alphabet.Length]).ToArray();
        Assert.Equal(Expected(stream), TailOf(stream));
    }

    [Property(MaxTest = 500)]
    public void The_tail_of_any_text_is_its_end(int[] dice)
    {
        var runes = dice.Select(die => new Rune(
            "aé€😀\n".EnumerateRunes().ElementAt(die & 3).Value
        ));
        var text = string.Concat(runes);
        var kept = text.EnumerateRunes().TakeLast(Few);
        Assert.Equal(string.Concat(kept), TailOf(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_timeline_is_returned_unchanged() =>
        Assert.Equal<byte>(
            [0xFF, 0x80],
            Tail.EndOf(OutputStream.Timeline, [0xFF, 0x80], 0, 0).Data
        );

    [Fact]
    public void Info_shows_the_last_65536_characters()
    {
        var stream = Encoding.UTF8.GetBytes("x" + new string('€', 65_536));
        var window = stream.AsSpan((int)Math.Max(0, stream.Length - Tail.Window()));
        Assert.Equal(new string('€', 65_536), Tail.Text(window, whole: true));
    }

    private static string TailOf(byte[] stream)
    {
        var from = (int)Math.Max(0, stream.Length - Tail.Window(Few));
        return Tail.Text(stream.AsSpan(from), from == 0, Few);
    }

    private static string Expected(byte[] stream)
    {
        var runes = Encoding.UTF8.GetString(stream).EnumerateRunes().ToArray();
        return string.Concat(runes.TakeLast(Few));
    }
}
