using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Parses environment variables of the form <c>NAME=VALUE</c>.</summary>
public static class VariableText
{
    public static Parsed<Variable> Parse(string text)
    {
        var equals = text.IndexOf('=');
        return equals < 1
            ? new TextError(0, text.Length, $"'{text}' is not of the form NAME=VALUE.")
            : new Variable { Name = text[..equals], Value = text[(equals + 1)..] };
    }
}
