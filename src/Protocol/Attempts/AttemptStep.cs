using System.Collections.Immutable;

namespace JobCloud.Protocol.Attempts;

/// <summary>The next phase, and what to do on the way, in this order.</summary>
public readonly record struct AttemptStep(
    AttemptPhase Phase,
    ImmutableArray<AttemptAction> Actions
);
