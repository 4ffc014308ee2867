using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>The executor's settings, kept across restarts: the agent's last values apply until an
/// agent connects.</summary>
internal static class LimitsFile
{
    /// <summary>Part of the content's hash, which comes first: any bytes can look like
    /// settings.</summary>
    private const int HashBytes = 8;

    private const long MaxBytes = 1 << 20;

    /// <summary>Loads the settings saved in this home over the defaults.</summary>
    /// <param name="isReadable">False: the file is damaged and was ignored; an agent will send the
    /// settings again.</param>
    public static ExecutorLimits Load(HomePaths home, out bool isReadable)
    {
        var limits = ExecutorSettings.Defaults();
        isReadable = true;
        if (!Path.Exists(home.ExecutorLimits))
            return limits;
        var bytes = (RunFolder.Read(home.ExecutorLimits, MaxBytes) ?? []).AsSpan();
        isReadable =
            bytes.Length >= HashBytes
            && SHA256
                .HashData(bytes[HashBytes..])
                .AsSpan(0, HashBytes)
                .SequenceEqual(bytes[..HashBytes]);
        if (isReadable)
            limits.MergeFrom(bytes[HashBytes..].ToArray());
        return limits;
    }

    /// <summary>Applies an agent's settings in place, so that all holders of the object see them.
    /// Returns whether they were saved.</summary>
    public static bool Apply(ExecutorLimits limits, ExecutorLimits? received, HomePaths home)
    {
        var before = limits.Clone();
        if (received is not null)
            limits.MergeFrom(received);
        if (limits.Equals(before) && File.Exists(home.ExecutorLimits))
            return true;
        var content = limits.ToByteArray();
        return RunFolder.Write(
            home.ExecutorLimits,
            [.. SHA256.HashData(content).AsSpan(0, HashBytes), .. content]
        );
    }
}
