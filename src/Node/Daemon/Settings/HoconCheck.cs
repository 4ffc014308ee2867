namespace JobCloud.Node.Daemon.Settings;

/// <summary>Finds text that Akka.NET's HOCON parser would silently misread or fail on.</summary>
internal static class HoconCheck
{
    /// <summary>The first error with its line; null: the parser can read the text.</summary>
    public static string? FindError(string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            switch (text[i])
            {
                case '\n':
                    line++;
                    break;
                case '#':
                case '/' when rest.StartsWith("//"):
                    i = EndOfLine(text, i) - 1;
                    break;
                case '"':
                    var end = EndOfString(text, i);
                    if (end < 0)
                        return $"line {line}: unterminated string";
                    line += text.AsSpan(i, end - i).Count('\n');
                    i = end;
                    break;
                case '{' or '[':
                    open.Push((text[i], line));
                    break;
                case '}' or ']':
                    var opening = text[i] == '}' ? '{' : '[';
                    if (!open.TryPop(out var last) || last.Bracket != opening)
                        return $"line {line}: unmatched \"{text[i]}\"";
                    break;
                case '$' when rest.StartsWith("${"):
                    return $"line {line}: substitutions (\"${{\") are not supported";
                case '+' when rest.StartsWith("+="):
                    return $"line {line}: \"+=\" is not supported; write the whole list";
                case 'i' when StartsLine(text, i) && rest.StartsWith("include "):
                    return $"line {line}: \"include\" is not supported";
            }
        }
        return open.TryPeek(out var unclosed)
            ? $"line {unclosed.Line}: unclosed \"{unclosed.Bracket}\""
            : null;
    }

    private static int EndOfLine(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The index of the closing quotation mark, or -1.</summary>
    private static int EndOfString(string text, int from)
    {
        var quote = text.AsSpan(from).StartsWith("\"\"\"") ? "\"\"\"" : "\"";
        for (var i = from + quote.Length; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote.Length == 1)
                i++;
            else if (text.AsSpan(i).StartsWith(quote))
                return i + quote.Length - 1;
            else if (text[i] == '\n' && quote.Length == 1)
                return -1;
        }
        return -1;
    }

    private static bool StartsLine(string text, int at)
    {
        while (--at >= 0 && text[at] != '\n')
            if (!char.IsWhiteSpace(text[at]))
                return false;
        return true;
    }
}
