using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Http;

/// <summary>Reads the values of parameters.</summary>
internal static class ParameterReader
{
    public static Parsed<object> Read(HttpParameter parameter, string text, long now)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Flag:
                return text switch
                {
                    "" or "true" or "1" => true,
                    "false" or "0" => false,
                    _ => Error($"'{text}' is neither true nor false."),
                };
            case ParameterKind.Number:
                return
                    long.TryParse(
                        text,
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                    && number >= parameter.Least
                    && number <= parameter.Most
                    ? number
                    : Error(
                        $"'{text}' is not a whole number from {parameter.Least} to {parameter.Most}."
                    );
            case ParameterKind.Duration:
                var duration = Durations.Parse(text, TimeSpan.FromSeconds(1));
                return duration.Ok ? duration.Value : duration.Error;
            case ParameterKind.Instant:
                var instant = Instants.Parse(text, now, TimeSpan.Zero);
                return instant.Ok ? Math.Max(1, instant.Value) : instant.Error;
            default:
                return text;
        }
    }

    private static TextError Error(string message) => new(0, 0, message);
}
