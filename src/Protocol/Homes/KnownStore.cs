namespace JobCloud.Protocol.Homes;

/// <summary>What a home knows of its store without reading it.</summary>
/// <param name="StoreId">The ID of the store whose jobs the home's index lists; empty:
/// unknown.</param>
/// <param name="HighestJid">The highest jid that the home has seen; 0: none.</param>
/// <param name="Newest">The newest segments that the index has read.</param>
public sealed record KnownStore(string StoreId, long HighestJid, IReadOnlyList<KnownSegment> Newest)
{
    public static readonly KnownStore None = new("", 0, []);
}

/// <summary>How far the index has read a segment.</summary>
/// <param name="SequenceNr">The number of its last change.</param>
public readonly record struct KnownSegment(long Segment, long SequenceNr);

/// <summary>What a node does with the store that it finds.</summary>
public enum StoreStep
{
    /// <summary>Uses it.</summary>
    Use,

    /// <summary>Creates the tables; the jids start after those that the home knows.</summary>
    Create,

    /// <summary>Refuses to start: the store is empty, but the home knows jobs.</summary>
    RefuseEmpty,

    /// <summary>Refuses to start: the home knows jobs of a store with another ID.</summary>
    RefuseForeign,
}

/// <summary>Decides what a node does with the store that it finds, so that it never gives a jid
/// twice and never mixes the jobs of two stores.</summary>
public static class StoreSteps
{
    /// <summary>The first segment that the home knows further than the store does: the store is a
    /// copy of an earlier time. Null: there is none.</summary>
    /// <param name="heads">The last change of each segment of the store.</param>
    public static KnownSegment? Behind(KnownStore known, IReadOnlyDictionary<long, long> heads)
    {
        foreach (var segment in known.Newest)
        {
            if (heads.GetValueOrDefault(segment.Segment) < segment.SequenceNr)
                return segment;
        }
        return null;
    }

    /// <param name="id">The ID in the store; null: the store has no tables.</param>
    /// <param name="known">What the home knows.</param>
    /// <param name="isNewWanted">Whether the operator wants to start with another store.</param>
    public static StoreStep Decide(string? id, KnownStore known, bool isNewWanted)
    {
        if (isNewWanted || known.HighestJid == 0)
            return id is null ? StoreStep.Create : StoreStep.Use;
        if (id is null)
            return StoreStep.RefuseEmpty;
        return known.StoreId.Length == 0 || known.StoreId == id
            ? StoreStep.Use
            : StoreStep.RefuseForeign;
    }
}
