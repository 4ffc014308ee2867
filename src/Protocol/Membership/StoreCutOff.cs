namespace JobCloud.Protocol.Membership;

/// <summary>Decides what a node that reaches the store does about a member that does not: as long
/// as that one stays, the jobs whose state it holds cannot be used. While the store answers no
/// node, all stay.</summary>
public static class StoreCutOff
{
    public enum Step
    {
        None,

        /// <summary>It hands over what it holds and leaves.</summary>
        Leave,

        /// <summary>It did not leave in time.</summary>
        Down,
    }

    /// <param name="IsUp">Whether it is a member that is not leaving.</param>
    /// <param name="HoldsState">Whether it may hold the state of jobs.</param>
    /// <param name="IsReachable">Whether the other members reach it; one that they do not is
    /// removed as lost.</param>
    /// <param name="Silent">Time since the store last heard it, by the store's clock.</param>
    public readonly record struct Member(
        bool IsUp,
        bool HoldsState,
        bool IsReachable,
        TimeSpan Silent
    );

    /// <param name="answered">How long the store has answered this node without a gap: after an
    /// outage, each member gets the time to speak again.</param>
    /// <param name="limit">How long a member may be cut off; as long again to leave.</param>
    public static Step Decide(Member member, TimeSpan answered, TimeSpan limit)
    {
        if (!member.HoldsState || !member.IsReachable)
            return Step.None;
        var cutOff = member.Silent < answered ? member.Silent : answered;
        return cutOff < limit ? Step.None
            : member.IsUp ? Step.Leave
            : cutOff < 2 * limit ? Step.None
            : Step.Down;
    }
}
