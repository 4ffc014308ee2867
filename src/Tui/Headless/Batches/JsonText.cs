using System.Text;
using System.Text.Json;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Converts JSON values to the texts of a command line.</summary>
internal static class JsonText
{
    /// <summary>Reads a string, number or Boolean; throws a <see cref="FormatException"/> for
    /// anything else.</summary>
    public static string Scalar(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => throw new FormatException("expected a string, a number or a Boolean."),
        };

    /// <summary>Reads a list of scalars or a single one.</summary>
    public static List<string> Scalars(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return [Scalar(ref reader)];
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(Scalar(ref reader));
        return texts;
    }

    /// <summary>Reads an object of scalars as <c>KEY=VALUE</c> texts.</summary>
    public static List<string> Pairs(ref Utf8JsonReader reader)
    {
        var pairs = new List<string>();
        foreach (var (name, values) in Lists(ref reader))
        {
            if (values is not [var value])
                throw new FormatException("expected a string, a number or a Boolean.");
            if (name.Contains('='))
                throw new FormatException(
                    $"'{name}' is not a valid name, because it contains '='."
                );
            pairs.Add($"{name}={value}");
        }
        return pairs;
    }

    /// <summary>Reads an object of lists of scalars or of single scalars.</summary>
    public static List<(string Name, List<string> Values)> Lists(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException("expected an object.");
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
