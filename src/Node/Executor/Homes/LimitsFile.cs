using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>The executor's settings, kept across restarts: the agent's last values apply until an
/// agent connects.</summary>
internal static class LimitsFile
{
    /// <summary>Loads the settings saved in this home over the defaults.</summary>
    public static ExecutorLimits Load(HomePaths home)
    {
        var limits = ExecutorSettings.Defaults();
        if (!File.Exists(home.ExecutorLimits))
            return limits;
        try
        {
            limits.MergeFrom(File.ReadAllBytes(home.ExecutorLimits));
        }
        catch (InvalidProtocolBufferException)
        {
            // A crash truncated the file; an agent will send the settings again.
        }
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
        try
        {
            File.WriteAllBytes(home.ExecutorLimits, limits.ToByteArray());
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
