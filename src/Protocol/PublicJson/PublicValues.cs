using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Converts values of messages to those of documents, in which nothing is null.</summary>
internal static class PublicValues
{
    /// <summary>An instant in µs; null: there is none.</summary>
    public static string? Instant(long micros) =>
        micros > 0 ? Instants.Print(micros, TimeSpan.Zero) : null;

    public static string? Text(string text) => text.Length > 0 ? text : null;
}
