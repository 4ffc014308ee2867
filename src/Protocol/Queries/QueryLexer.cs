using System.Text;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Queries;

internal enum QueryTokenKind
{
    Word,
    Quoted,
    Operator,
    Comma,
    Open,
    Close,
    End,
}

/// <summary>A token of a query.</summary>
/// <param name="Text">The text without quotes and escapes.</param>
/// <param name="Length">The length in the query's text.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, int At, int Length);

/// <summary>Splits a query into tokens and reports invalid characters as errors.</summary>
internal sealed class QueryLexer(string text, List<TextError> errors)
{
    private const string NotInWords = "\"(),=~<>!";

    private static readonly string[] Operators = ["!=", "!~", "<=", ">=", "=", "~", "<", ">"];

    /// <summary>Whether a text needs no quotes.</summary>
    public static bool IsWord(string text) => text.Length > 0 && text.All(IsWordCharacter);

    /// <summary>The tokens, followed by an end token.</summary>
    public List<QueryToken> Tokens()
    {
        var tokens = new List<QueryToken>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }
            if (Next(at) is { } token)
            {
                tokens.Add(token);
                at += token.Length;
                continue;
            }
            errors.Add(
                new TextError(
                    at,
                    1,
                    "'!' is valid only in != and !~; quote a text that contains it."
                )
            );
            at++;
        }
        tokens.Add(new QueryToken(QueryTokenKind.End, "", text.Length, 0));
        return tokens;
    }

    private static bool IsWordCharacter(char c) => !char.IsWhiteSpace(c) && !NotInWords.Contains(c);

    private QueryToken? Next(int at)
    {
        switch (text[at])
        {
            case '"':
                return Quoted(at);
            case '(':
                return new QueryToken(QueryTokenKind.Open, "(", at, 1);
            case ')':
                return new QueryToken(QueryTokenKind.Close, ")", at, 1);
            case ',':
                return new QueryToken(QueryTokenKind.Comma, ",", at, 1);
        }
        foreach (var sign in Operators)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
                return new QueryToken(QueryTokenKind.Operator, sign, at, sign.Length);
        }
        var end = at;
        while (end < text.Length && IsWordCharacter(text[end]))
            end++;
        return end > at ? new QueryToken(QueryTokenKind.Word, text[at..end], at, end - at) : null;
    }

    private QueryToken Quoted(int at)
    {
        var value = new StringBuilder();
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
                return new QueryToken(QueryTokenKind.Quoted, value.ToString(), at, i + 1 - at);
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
                i++;
            value.Append(text[i]);
        }
        errors.Add(new TextError(at, text.Length - at, "Unterminated quote; close it with '\"'."));
        return new QueryToken(QueryTokenKind.Quoted, value.ToString(), at, text.Length - at);
    }
}
