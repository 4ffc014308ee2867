using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Parses a limit of memory, which is at least what a process needs to start.</summary>
public static class MemoryText
{
    /// <summary>The least limit with which a shell and a small program run.</summary>
    public const long LeastBytes = 4L << 20;

    public static Parsed<long> Parse(string text)
    {
        var size = Sizes.Parse(text);
        if (!size.Ok || size.Value >= LeastBytes)
            return size;
        var isBare = char.IsAsciiDigit(text[^1]);
        var guess = isBare && size.Value > 0 ? $"; did you mean {text}M?" : ".";
        return new TextError(
            0,
            text.Length,
            $"{text} is {InWords(size.Value)}; a job needs at least {Least}{guess}"
        );
    }

    /// <summary>What is wrong with a limit; null: nothing.</summary>
    public static string? Problem(long bytes) =>
        bytes is 0 or >= LeastBytes ? null : $"is {InWords(bytes)}; a job needs at least {Least}";

    private static string Least => Sizes.Print(LeastBytes);

    private static string InWords(long bytes) =>
        bytes >= 1024 ? Sizes.Print(bytes)
        : bytes == 1 ? "1 byte"
        : $"{bytes} bytes";
}
