using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Says why a job has not started, as far as rows and nodes show it; <c>explain</c> knows
/// more.</summary>
internal static class WaitText
{
    /// <param name="cores">Null: the nodes are not known.</param>
    public static string Of(JobRow row, ReadyCores? cores)
    {
        // The end of its last attempt says more.
        if (cores is not { } ready || ReasonText.For(row.Reason).Length > 0)
            return "";
        return WaitCounter.ReasonOf(row, ready) switch
        {
            null => "",
            WaitReason.Dependencies => "waits for its dependencies",
            WaitReason.ReadyNode => "no node is ready",
            WaitReason.LargerNode => "needs a larger node",
            WaitReason.FreeCores => "waits for free cores",
            _ => "waits: memory, jobs ahead",
        };
    }
}
