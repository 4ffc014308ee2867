using System.Text;
using System.Text.Json;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>JSON values as the texts that a command line would have.</summary>
internal static class JsonText
{
    /// <summary>A string, number or truth value; anything else is a
    /// <see cref="FormatException"/>.</summary>
    public static string Scalar(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => throw new FormatException("a text or a number is missing."),
        };

    /// <summary>A list of scalars, or one alone.</summary>
    public static List<string> Scalars(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return [Scalar(ref reader)];
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(Scalar(ref reader));
        return texts;
    }

    /// <summary>An object of scalars, as <c>KEY=VALUE</c>.</summary>
    public static List<string> Pairs(ref Utf8JsonReader reader)
    {
        var pairs = new List<string>();
        foreach (var (name, values) in Lists(ref reader))
        {
            if (values is not [var value])
                throw new FormatException("a text or a number is missing.");
            if (name.Contains('='))
                throw new FormatException($"'{name}' cannot be a name.");
            pairs.Add($"{name}={value}");
        }
        return pairs;
    }

    /// <summary>An object of lists of scalars, or of scalars alone.</summary>
    public static List<(string Name, List<string> Values)> Lists(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("an object is missing.");
        var lists = new List<(string, List<string>)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            lists.Add((name, Scalars(ref reader)));
        }
        return lists;
    }
}
