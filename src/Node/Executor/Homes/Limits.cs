using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>The executor's own settings, from start to start: what the agent last said of them is
/// kept, for the time until there is an agent.</summary>
internal static class Limits
{
    /// <summary>What was kept at this home, over the defaults.</summary>
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
            // Torn by a crash: an agent will say it again.
        }
        return limits;
    }

    /// <summary>Takes over what an agent says, in place: whoever holds them sees it. Returns
    /// whether it is kept.</summary>
    public static bool Follow(ExecutorLimits limits, ExecutorLimits? said, HomePaths home)
    {
        var before = limits.Clone();
        if (said is not null)
            limits.MergeFrom(said);
        if (limits.Equals(before) && File.Exists(home.ExecutorLimits))
            return true;
        try
        {
            File.WriteAllBytes(home.ExecutorLimits, limits.ToByteArray());
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
