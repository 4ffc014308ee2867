using Google.Protobuf;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Environment variables as users write them: <c>NAME=VALUE</c>; <c>NAME=@FILE</c> takes
/// the content of a file, <c>NAME=@@TEXT</c> is the value <c>@TEXT</c>, and <c>NAME</c> takes the
/// client's own value.</summary>
public static class VariableText
{
    private const char FileSign = '@';

    public static Parsed<Variable> Parse(string text, ISubmissionSource from)
    {
        var equals = text.IndexOf('=');
        if (equals == 0 || text.Length == 0)
            return Error(text, $"'{text}' is not of the form NAME=VALUE.");
        if (equals < 0)
            return from.Variable(text) is not { } own
                    ? Error(text, $"The variable '{text}' is not set here; write {text}=VALUE.")
                : Utf8Text.MayBeReplaced(own)
                    ? Error(text, $"The variable '{text}' is not UTF-8 text.")
                : new Variable { Name = text, Value = own };
        var (name, value) = (text[..equals], text[(equals + 1)..]);
        if (!value.StartsWith(FileSign))
            return new Variable { Name = name, Value = value };
        if (value is [FileSign, FileSign, ..])
            return new Variable { Name = name, Value = value[1..] };
        var path = value[1..];
        return from.TryRead(path) is not { } content
                ? Error(text, $"The file {path} of the variable '{name}' cannot be read.")
            : TextOf(content) is { } read ? new Variable { Name = name, Value = read }
            : Error(text, $"The file {path} of the variable '{name}' is not UTF-8 text.");
    }

    /// <summary>The text that <see cref="Parse"/> reads as this variable.</summary>
    public static string Print(Variable variable) =>
        variable.Value.StartsWith(FileSign)
            ? $"{variable.Name}={FileSign}{variable.Value}"
            : Show(variable);

    /// <summary>The variable as it is.</summary>
    public static string Show(Variable variable) => $"{variable.Name}={variable.Value}";

    /// <summary>The text of a file without its last line break.</summary>
    private static string? TextOf(ByteString content) =>
        Utf8Text.Of(content.Span) is not { } text ? null
        : text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
        : text.EndsWith('\n') ? text[..^1]
        : text;

    private static TextError Error(string text, string message) => new(0, text.Length, message);
}
