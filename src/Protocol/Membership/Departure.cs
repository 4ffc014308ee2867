namespace JobCloud.Protocol.Membership;

/// <summary>What the store says of a node that the cluster has removed.</summary>
/// <param name="Gone">It is put out: the store will not confirm it any more.</param>
/// <param name="Silent">Since the store last confirmed it.</param>
public sealed record DepartureWord(bool Gone, TimeSpan Silent);

/// <summary>When nothing can live any more of a node that the cluster has removed.</summary>
public static class Departure
{
    /// <param name="sinceRemoved">Since the cluster removed it.</param>
    /// <param name="word">Null: the store has never heard of it.</param>
    /// <param name="hold">How long its own sight may outlive its removal.</param>
    /// <param name="deathTime">From its last certainty to the death of its last process.</param>
    public static bool IsSure(
        TimeSpan sinceRemoved,
        DepartureWord? word,
        TimeSpan hold,
        TimeSpan deathTime
    ) => sinceRemoved >= hold && (word is null || (word.Gone && word.Silent >= deathTime));
}
