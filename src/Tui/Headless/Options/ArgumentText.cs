using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Options;

/// <summary>Finds arguments that are not UTF-8 text: the runtime has replaced bytes in
/// them.</summary>
internal static class ArgumentText
{
    /// <summary>The first such argument, escaped; null: all are as they were given.</summary>
    /// <param name="commandLine">Reads all words of the process, each with a terminating
    /// NUL.</param>
    public static string? FirstReplaced(IReadOnlyList<string> args, Func<byte[]> commandLine)
    {
        if (!args.Any(Utf8Text.MayBeReplaced))
            return null;
        var words = new List<string?>();
        ReadOnlySpan<byte> rest = commandLine();
        while (rest.IndexOf((byte)0) is >= 0 and var end)
        {
            words.Add(Utf8Text.Of(rest[..end]) is null ? Utf8Text.Escape(rest[..end]) : null);
            rest = rest[(end + 1)..];
        }
        // The first words name the program.
        return words.Skip(words.Count - args.Count).FirstOrDefault(word => word is not null);
    }
}
