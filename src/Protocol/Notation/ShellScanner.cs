using System.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>Follows the quoting of a shell line (POSIX.1-2024, 2.2 and 2.7.4) over its fixed
/// texts. A wrong answer only adds or splits words: values are never parsed by the shell.</summary>
internal sealed class ShellScanner
{
    private enum Frame
    {
        Double,
        Parenthesis,
        Backtick,
        Brace,
    }

    private readonly Stack<Frame> _frames = [];
    private readonly StringBuilder _line = new();
    private ShellQuoting _quote;
    private bool _isComment;

    // The delimiter of the here-document that starts with the next line, or is being read.
    private string _delimiter = "";
    private char _last = '\n';

    /// <summary>The quoting after everything read so far.</summary>
    public ShellQuoting Here =>
        _quote != ShellQuoting.None ? _quote
        : IsInDouble ? ShellQuoting.Double
        : ShellQuoting.None;

    private bool IsInDouble =>
        _frames.SkipWhile(static frame => frame == Frame.Brace).FirstOrDefault(Frame.Parenthesis)
        == Frame.Double;

    public void Read(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            i = Step(text, i);
            _last = text[i];
        }
    }

    /// <summary>A value follows, which is no start of a word or line.</summary>
    public void ReadValue()
    {
        _last = 'v';
        _line.Append('v');
    }

    // Reads the character at a position; returns the position of the last one that belongs to it.
    private int Step(string text, int i)
    {
        var c = text[i];
        var next = i + 1 < text.Length ? text[i + 1] : '\0';
        switch (_quote)
        {
            case ShellQuoting.Single:
                if (c == '\'')
                    _quote = ShellQuoting.None;
                return i;
            case ShellQuoting.Ansi when c == '\\':
                return Math.Min(i + 1, text.Length - 1);
            case ShellQuoting.Ansi:
                if (c == '\'')
                    _quote = ShellQuoting.None;
                return i;
            case ShellQuoting.HereDocument:
                ReadHereDocument(c);
                return i;
        }
        if (_isComment)
        {
            if (c == '\n')
                EndLine();
            return i;
        }
        if (c == '\\')
            return Math.Min(i + 1, text.Length - 1);
        if (c == '$' && next is '(' or '{')
        {
            _frames.Push(next == '(' ? Frame.Parenthesis : Frame.Brace);
            return i + 1;
        }
        if (c == '`')
            Toggle(Frame.Backtick);
        else if (c == '"')
            Toggle(Frame.Double);
        else if (c == '}' && Top == Frame.Brace)
            _frames.Pop();
        else if (!IsInDouble)
            return StepUnquoted(text, i, c, next);
        return i;
    }

    private int StepUnquoted(string text, int i, char c, char next)
    {
        if (c == '\'')
            _quote = ShellQuoting.Single;
        else if (c == '$' && next == '\'')
        {
            _quote = ShellQuoting.Ansi;
            return i + 1;
        }
        else if (c == '(')
            _frames.Push(Frame.Parenthesis);
        else if (c == ')' && Top == Frame.Parenthesis)
            _frames.Pop();
        else if (c == '#' && _last is ' ' or '\t' or '\n' or ';' or '(' or '&' or '|')
            _isComment = true;
        else if (c == '<' && next == '<')
            return StartHereDocument(text, i + 2);
        else if (c == '\n')
            EndLine();
        return i;
    }

    private Frame? Top => _frames.TryPeek(out var top) ? top : null;

    private void Toggle(Frame frame)
    {
        if (Top == frame)
            _frames.Pop();
        else
            _frames.Push(frame);
    }

    private int StartHereDocument(string text, int start)
    {
        if (start < text.Length && text[start] == '<')
            return start;
        while (start < text.Length && text[start] is '-' or ' ' or '\t')
            start++;
        var end = start;
        while (
            end < text.Length
            && !(char.IsWhiteSpace(text[end]) || text[end] is ';' or '&' or '|' or ')')
        )
            end++;
        _delimiter = text[start..end].Trim('\'', '"').TrimStart('\\');
        return end - 1;
    }

    private void EndLine()
    {
        _isComment = false;
        _line.Clear();
        if (_delimiter.Length > 0)
            _quote = ShellQuoting.HereDocument;
    }

    private void ReadHereDocument(char c)
    {
        if (c != '\n')
        {
            _line.Append(c);
            return;
        }
        if (_line.ToString().TrimStart('\t') == _delimiter)
            (_quote, _delimiter) = (ShellQuoting.None, "");
        _line.Clear();
    }
}
