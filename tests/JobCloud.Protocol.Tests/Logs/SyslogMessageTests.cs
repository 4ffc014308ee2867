using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Logs;

namespace JobCloud.Protocol.Tests.Logs;

public sealed class SyslogMessageTests
{
    private const long At = 1_795_360_845_123_456;

    [Property(MaxTest = 500)]
    public void Any_bytes_parse_to_one_line(byte[] datagram, byte kind)
    {
        var start = (kind % 4) switch
        {
            0 => "",
            1 => "<13>Nov 22 15:04:05 ",
            2 => "<34>1 2026-11-22T15:04:05Z host app - id [a b=\"",
            _ => "<34>1 ",
        };

        var line = SyslogMessage.Parse([.. Encoding.UTF8.GetBytes(start), .. datagram]).Line(At);

        Assert.DoesNotContain(line, c => char.IsControl(c) && c != '\t');
        Assert.Matches(@"^2026-11-22 15:20:45\.123 [a-z0-7]+\.[a-z]+ ", line);
    }

    [Property]
    public void The_priority_determines_facility_and_severity(byte priority)
    {
        var message = SyslogMessage.Parse(Encoding.UTF8.GetBytes($"<{priority}>tag: text"));

        var isKnown = priority <= 191;
        Assert.Equal(isKnown ? priority : 13, message.Facility * 8 + message.Severity);
        Assert.Equal(isKnown ? "tag: text" : $"<{priority}>tag: text", message.Text);
    }

    [Theory]
    [InlineData("<13>Nov 22 15:04:05 root: hello", "user.notice root: hello")]
    [InlineData("<30>Nov  2 15:04:05 job[12]: a: b\n\0", "daemon.info job[12]: a: b")]
    [InlineData("no priority", "user.notice no priority")]
    [InlineData("<192>too high", "user.notice <192>too high")]
    [InlineData("<0>", "kern.emerg ")]
    [InlineData("<14>two\nlines\u001b[1m", "user.info two#012lines#033[1m")]
    [InlineData(
        "<165>1 2026-11-22T15:04:05.003Z host app 8710 ID47 - \ufeffsaid",
        "local4.notice app[8710]: said"
    )]
    [InlineData(
        "<34>1 2026-11-22T15:04:05Z host app - - [x y=\"a \\\"] b\"][z] done",
        "auth.crit app: [x y=\"a \\\"] b\"][z] done"
    )]
    [InlineData("<34>1 2026-11-22T15:04:05Z host app - -", "auth.crit app:")]
    [InlineData("<34>1 ", "auth.crit :")]
    public void A_message_is_parsed_by_its_standard(string datagram, string expected) =>
        Assert.Equal(
            $"2026-11-22 15:20:45.123 {expected}",
            SyslogMessage.Parse(Encoding.UTF8.GetBytes(datagram)).Line(At)
        );
}
