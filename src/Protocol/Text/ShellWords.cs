using System.Text;

namespace JobCloud.Protocol.Text;

/// <summary>Splits and quotes command lines like a POSIX shell (POSIX.1-2024, 2.2 Quoting), without
/// expansions.</summary>
public static class ShellWords
{
    // Other characters may be special to a shell, at least at the start of a word.
    private const string Safe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+{}";

    /// <summary>Joins words with spaces, and quotes those that a shell would change.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>Quotes a word that a shell would change.</summary>
    public static string Quote(string word) =>
        IsSafe(word) ? word : $"'{word.Replace("'", @"'\''")}'";

    private static bool IsSafe(string word) =>
        word is not ("" or "{" or "}")
        && !word.AsSpan().ContainsAnyExcept(Safe)
        && !IsBraceExpansion(word);

    // {name} is none; {a,b} and {1..3} are.
    private static bool IsBraceExpansion(string word) =>
        word.Contains('{') && (word.Contains(',') || word.Contains(".."));

    /// <summary>Splits a line into words; only quoting has a special meaning.</summary>
    public static Parsed<List<string>> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }
            word ??= new StringBuilder();
            if (text[i] is '\'' or '"')
            {
                var end = Quoted(text, i, word);
                if (end < 0)
                    return new TextError(
                        i,
                        text.Length - i,
                        $"Unterminated quote {text[i]}; close it."
                    );
                i = end;
            }
            else if (text[i] == '\\' && i + 1 < text.Length)
                word.Append(text[++i]);
            else
                word.Append(text[i]);
        }
        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    // The position of the closing quote; -1: none.
    private static int Quoted(string text, int start, StringBuilder word)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == text[start])
                return i;
            var escapes = text[start] == '"' && text[i] == '\\' && i + 1 < text.Length;
            if (escapes && (text[i + 1] is '"' or '\\' or '$' or '`'))
                i++;
            word.Append(text[i]);
        }
        return -1;
    }
}
