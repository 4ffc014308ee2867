using System.Text;
using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Tests.Terminals;

public class EscapeKeysTests
{
    [Theory]
    [InlineData("ls\r", "ls\r", false)]
    [InlineData("~.", "", true)]
    [InlineData("ls\r~.more", "ls\r", true)]
    [InlineData("a~.", "a~.", false)]
    [InlineData("~~.", "~.", false)]
    [InlineData("~x~.", "~x~.", false)]
    [InlineData("~\r~.", "~\r", true)]
    [InlineData("cd ~\n", "cd ~\n", false)]
    public void A_tilde_after_a_line_start_is_an_escape(string typed, string sent, bool isOver) =>
        Assert.Equal((sent, isOver), Passed([typed]));

    [Property]
    public void Splitting_the_input_does_not_matter(NonNull<int[]> choices)
    {
        var keys = string.Concat(choices.Get.Select(c => "~.\ra"[Math.Abs(c % 4)]));
        Assert.Equal(Passed([keys]), Passed(keys.Select(k => k.ToString())));
    }

    private static (string Sent, bool IsOver) Passed(IEnumerable<string> chunks)
    {
        var keys = new EscapeKeys();
        var sent = new StringBuilder();
        foreach (var chunk in chunks)
        {
            var typed = Encoding.ASCII.GetBytes(chunk);
            var to = new byte[EscapeKeys.MostOf(typed.Length)];
            var isOver = keys.Pass(typed, to, out var count);
            sent.Append(Encoding.ASCII.GetString(to, 0, count));
            if (isOver)
                return (sent.ToString(), true);
        }
        return (sent.ToString(), false);
    }
}
