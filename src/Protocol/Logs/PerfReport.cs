namespace JobCloud.Protocol.Logs;

/// <summary>What <c>perf report --stdio</c> printed.</summary>
public static class PerfReport
{
    /// <summary>Whether it shows anything but perf's own header, whose lines begin with
    /// <c>#</c>.</summary>
    public static bool HasSamples(IEnumerable<string> lines) =>
        lines.Any(static line => line.AsSpan().Trim() is { Length: > 0 } text && text[0] != '#');

    /// <summary>Why there is no profile, without a full stop.</summary>
    public static string NoSamples(long perSecond) =>
        $"it ended before perf took a sample ({perSecond} a second: jobcloud.executor.profile-samples)";
}
