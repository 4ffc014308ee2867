using System.Buffers;
using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Reads JSON values as the texts of a command line. A value of another type is an error;
/// the reader then stands at its end all the same.</summary>
public static class JsonTexts
{
    private const string NotScalar = "expected a string, a number or a Boolean.";

    /// <summary>A string, number or Boolean.</summary>
    public static Parsed<string> Scalar(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Text(ref reader);
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(
                    reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan
                );
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            default:
                reader.Skip();
                return Error(NotScalar);
        }
    }

    /// <summary>A list with one scalar, which stands by itself.</summary>
    public static Parsed<List<string>> Single(ref Utf8JsonReader reader)
    {
        var one = Scalar(ref reader);
        return one.Ok ? new List<string> { one.Value } : one.Error;
    }

    /// <summary>A list of scalars, or a single one.</summary>
    public static Parsed<List<string>> Scalars(ref Utf8JsonReader reader)
    {
        var texts = new List<string>();
        TextError? error = null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return Single(ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var one = Scalar(ref reader);
            error ??= one.Error;
            texts.Add(one.Value ?? "");
        }
        return error is null ? texts : error;
    }

    /// <summary>An object of scalars as <c>KEY=VALUE</c> texts.</summary>
    public static Parsed<List<string>> Pairs(ref Utf8JsonReader reader)
    {
        var lists = Lists(ref reader);
        if (!lists.Ok)
            return lists.Error;
        var pairs = new List<string>();
        foreach (var (name, values) in lists.Value)
        {
            if (values is not [var value])
                return Of(name, Error(NotScalar));
            var pair = Pair(name, value);
            if (!pair.Ok)
                return pair.Error;
            pairs.Add(pair.Value);
        }
        return pairs;
    }

    /// <summary>A member of an object as a text <c>KEY=VALUE</c>.</summary>
    public static Parsed<string> Pair(string name, string value) =>
        name.Contains('=')
            ? Error($"'{name}' is not a valid name, because it contains '='.")
            : $"{name}={value}";

    /// <summary>The error of the value of a member.</summary>
    public static TextError Of(string name, TextError error) =>
        error with
        {
            Message = $"'{name}': {error.Message}",
        };

    /// <summary>An object of lists of scalars, or of single scalars.</summary>
    public static Parsed<List<(string Name, List<string> Values)>> Lists(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return Error("expected an object.");
        }
        var lists = new List<(string, List<string>)>();
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            var values = Scalars(ref reader);
            error ??= name.Error;
            if (error is null && !values.Ok)
                error = Of(name.Value!, values.Error);
            if (name.Ok && values.Ok)
                lists.Add((name.Value, values.Value));
        }
        return error is null ? lists : error;
    }

    /// <summary>A string, or the name of a member.</summary>
    public static Parsed<string> Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Error("it contains invalid Unicode: an unpaired surrogate.");
        }
    }

    private static TextError Error(string message) => new(0, 0, message);
}
