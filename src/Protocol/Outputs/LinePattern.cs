using System.Text.RegularExpressions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Outputs;

/// <summary>What a search of lines looks for: a text or a regular expression. The case of letters
/// matters only if the pattern contains an upper-case letter.</summary>
public sealed class LinePattern
{
    /// <summary>The maximum length in characters.</summary>
    public const int MaxLength = 1000;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);

    private readonly StringComparison _comparison;
    private readonly Regex? _regex;

    private LinePattern(string text, Regex? regex, bool isExact)
    {
        (Text, _regex) = (text, regex);
        _comparison = isExact ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    }

    public string Text { get; }
    public bool IsRegex => _regex is not null;

    public static Parsed<LinePattern> Parse(string text, bool isRegex)
    {
        if (text.Length == 0)
            return Invalid("A search needs a pattern.");
        if (text.Length > MaxLength)
            return Invalid($"A pattern has at most {MaxLength} characters.");
        if (!isRegex)
            return new LinePattern(text, null, text.Any(char.IsUpper));
        var isExact = HasUpperCase(text);
        // It never backtracks, so its time is proportional to the length of the line.
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        if (!isExact)
            options |= RegexOptions.IgnoreCase;
        try
        {
            return new LinePattern(text, new Regex(text, options, MatchTimeout), isExact);
        }
        catch (RegexParseException e)
        {
            return Invalid(
                $"Invalid regular expression: {Reason(e)} at character {e.Offset} of '{text}'."
            );
        }
        catch (NotSupportedException)
        {
            return Invalid(
                "The regular expression has a lookaround or a back-reference, or repeats too much; use a simpler one."
            );
        }
    }

    public bool IsIn(ReadOnlySpan<char> line) =>
        _regex?.IsMatch(line) ?? line.Contains(Text, _comparison);

    /// <summary>The parts of a line that match, in order, without overlaps or empty ones.</summary>
    public IEnumerable<(int Start, int Length)> Places(string line)
    {
        if (_regex is not null)
        {
            foreach (Match match in _regex.Matches(line))
                if (match.Length > 0)
                    yield return (match.Index, match.Length);
            yield break;
        }
        for (
            var at = line.IndexOf(Text, _comparison);
            at >= 0;
            at = line.IndexOf(Text, at + Text.Length, _comparison)
        )
            yield return (at, Text.Length);
    }

    /// <summary>Whether an expression contains an upper-case letter that is not part of an escape,
    /// such as <c>\S</c>.</summary>
    private static bool HasUpperCase(string expression)
    {
        for (var i = 0; i < expression.Length; i++)
            if (expression[i] == '\\')
                i = EndOfEscape(expression, i + 1);
            else if (char.IsUpper(expression[i]))
                return true;
        return false;
    }

    private static int EndOfEscape(string expression, int at)
    {
        var isCategory = at + 1 < expression.Length && expression[at] is 'p' or 'P';
        if (!isCategory || expression[at + 1] != '{')
            return at;
        var end = expression.IndexOf('}', at);
        return end < 0 ? at : end;
    }

    private static string Reason(RegexParseException e) =>
        e.Error switch
        {
            RegexParseError.InsufficientClosingParentheses => "a ')' is missing",
            RegexParseError.InsufficientOpeningParentheses => "a '(' is missing",
            RegexParseError.UnterminatedBracket => "a ']' is missing",
            RegexParseError.UnescapedEndingBackslash => "a character must follow the last '\\'",
            RegexParseError.QuantifierAfterNothing => "nothing precedes the repetition",
            RegexParseError.NestedQuantifiersNotParenthesized => "a repetition follows another",
            RegexParseError.ReversedQuantifierRange or RegexParseError.ReversedCharacterRange =>
                "a range is reversed",
            _ => "an unknown or incomplete construct",
        };

    private static TextError Invalid(string message) => new(0, 0, message);
}
