using System.Text.Json;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Http;

/// <summary>Reads the JSON object in the body of a request.</summary>
public static class BodyMembers
{
    /// <param name="now">The current time, in µs.</param>
    public static Parsed<RouteArguments> Read(HttpRoute route, ReadOnlySpan<byte> body, long now)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return Error("The body is not a JSON object.");
            var read = Read(route.Body, ref reader, now);
            if (read.Ok && reader.Read())
                return Error("The body has something after its JSON object.");
            return read;
        }
        catch (JsonException failure)
        {
            return Error($"The body is not valid JSON: {failure.Message}");
        }
    }

    private static Parsed<RouteArguments> Read(
        IReadOnlyList<HttpParameter> known,
        ref Utf8JsonReader reader,
        long now
    )
    {
        var values = new Dictionary<string, object>();
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader).Value ?? "";
            reader.Read();
            var member = known.FirstOrDefault(one => one.Name == name);
            if (member is null || values.ContainsKey(name))
            {
                error ??= member is null
                    ? Error(
                        $"Unknown member '{name}': {Suggestions.Hint(name, [.. known.Select(static one => one.Name)])}"
                    )
                    : Error($"The member '{name}' is given twice; give it once.");
                reader.Skip();
                continue;
            }
            var value = Read(member, ref reader, now);
            if (value.Ok)
                values[name] = value.Value;
            else
                error ??= Error($"{name}: {value.Error.Message}");
        }
        foreach (var member in known)
            if (member.IsRequired && !values.ContainsKey(member.Name))
                error ??= Error($"Missing member '{member.Name}': {member.Help}.");
        return error is null ? new RouteArguments(values) : error;
    }

    private static Parsed<object> Read(HttpParameter member, ref Utf8JsonReader reader, long now)
    {
        if (member.Kind is ParameterKind.Texts or ParameterKind.Pairs)
        {
            var texts =
                member.Kind == ParameterKind.Texts
                    ? JsonTexts.Scalars(ref reader)
                    : JsonTexts.Pairs(ref reader);
            return texts.Ok ? texts.Value : texts.Error;
        }
        var text = JsonTexts.Scalar(ref reader);
        return text.Ok ? ParameterReader.Read(member, text.Value, now) : text.Error;
    }

    private static TextError Error(string message) => new(0, 0, message);
}
