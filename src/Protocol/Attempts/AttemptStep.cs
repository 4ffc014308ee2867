using System.Collections.Immutable;

namespace JobCloud.Protocol.Attempts;

/// <summary>A transition: the next phase, and the actions to perform in this order.</summary>
public readonly record struct AttemptStep(
    AttemptPhase Phase,
    ImmutableArray<AttemptAction> Actions
);
