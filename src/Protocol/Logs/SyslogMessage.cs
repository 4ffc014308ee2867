using System.Globalization;
using System.Text;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Logs;

/// <summary>A program's message to the system log (RFC 3164 as syslog(3) sends it, or RFC
/// 5424).</summary>
/// <param name="Facility">0..23.</param>
/// <param name="Severity">0 (the worst) to 7.</param>
/// <param name="Text">The program's name and its message, without control characters.</param>
public readonly record struct SyslogMessage(int Facility, int Severity, string Text)
{
    private const int HighestPriority = 191;

    /// <summary>user.notice, for a message without a priority (RFC 3164, 4.3.3).</summary>
    private const int DefaultPriority = 13;

    /// <summary>The time of RFC 3164: <c>Nov 22 15:04:05</c> and a space.</summary>
    private const int ShortTimeLength = 16;

    private static readonly string[] Facilities =
    [
        .. "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp".Split(' '),
        .. "ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7".Split(
            ' '
        ),
    ];

    private static readonly string[] Severities =
    [
        .. "emerg alert crit err warning notice info debug".Split(' '),
    ];

    /// <summary>Parses any datagram; one that follows neither standard is all text.</summary>
    public static SyslogMessage Parse(ReadOnlySpan<byte> datagram)
    {
        var text = Encoding.UTF8.GetString(datagram).TrimEnd('\0', '\n', '\r').AsSpan();
        var priority = TakePriority(ref text) ?? DefaultPriority;
        var words = text.StartsWith("1 ") ? OfRfc5424(text[2..]) : OfRfc3164(text);
        return new(priority / 8, priority % 8, Printable(words));
    }

    /// <summary>The message as one line: time, facility and severity, text.</summary>
    /// <param name="at">µs since 1970.</param>
    public string Line(long at) =>
        $"{Instants.Log(at, TimeSpan.Zero)} {Facilities[Facility]}.{Severities[Severity]} {Text}";

    /// <summary>Replaces control characters with <c>#</c> and three octal digits, as system logs
    /// do.</summary>
    internal static string Printable(ReadOnlySpan<char> text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsControl(c) && c != '\t')
                printable.Append('#').Append(Convert.ToString(c, 8).PadLeft(3, '0'));
            else
                printable.Append(c);
        }
        return printable.ToString();
    }

    private static int? TakePriority(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('>');
        if (end is < 2 or > 4 || text[0] != '<')
            return null;
        var digits = text[1..end];
        if (
            !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            || priority > HighestPriority
        )
            return null;
        text = text[(end + 1)..];
        return priority;
    }

    /// <summary>TIME TAG[PID]: TEXT, without the time, which the line adds itself.</summary>
    private static ReadOnlySpan<char> OfRfc3164(ReadOnlySpan<char> text) =>
        text.Length >= ShortTimeLength
        && text[3] == ' '
        && text[6] == ' '
        && text[9] == ':'
        && text[12] == ':'
        && text[15] == ' '
            ? text[ShortTimeLength..]
            : text;

    /// <summary>TIME HOST PROGRAM PID ID DATA TEXT.</summary>
    private static string OfRfc5424(ReadOnlySpan<char> text)
    {
        _ = TakeWord(ref text);
        _ = TakeWord(ref text);
        var program = TakeWord(ref text);
        var pid = TakeWord(ref text);
        _ = TakeWord(ref text);
        var data = TakeData(ref text);
        var id = pid is "" or "-" ? "" : $"[{pid}]";
        var words = text.TrimStart('\ufeff').ToString();
        return string.Join(' ', ((string[])[$"{program}{id}:", data, words]).Where(w => w != ""));
    }

    private static string TakeWord(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return word.ToString();
    }

    /// <summary>Takes <c>-</c>, or elements in brackets; their quoted values may contain
    /// brackets.</summary>
    private static string TakeData(ref ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
            return TakeWord(ref text) is var word and not "-" ? word : "";
        var (isQuoted, end) = (false, 0);
        for (; end < text.Length && (isQuoted || text[end] != ' ' || text[end - 1] != ']'); end++)
        {
            if (text[end] == '\\')
                end++;
            else if (text[end] == '"')
                isQuoted = !isQuoted;
        }
        end = Math.Min(end, text.Length);
        var data = text[..end].ToString();
        text = text[end..].TrimStart(' ');
        return data;
    }
}
