using System.Collections.Immutable;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Environments;

/// <summary>The created environments and volumes, folded from their events.</summary>
public sealed record DefinitionSet
{
    public static readonly DefinitionSet Empty = new();

    private readonly ImmutableSortedDictionary<
        (DefinitionKind Kind, string Name),
        Definition
    > _all = ImmutableSortedDictionary<(DefinitionKind, string), Definition>.Empty.WithComparers(
        Comparer<(DefinitionKind Kind, string Name)>.Create(
            (a, b) =>
                a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name)
        )
    );

    private DefinitionSet() { }

    private DefinitionSet(
        ImmutableSortedDictionary<(DefinitionKind, string), Definition> definitions
    ) => _all = definitions;

    /// <summary>Finds a definition; null: unknown.</summary>
    public Definition? Find(DefinitionKind kind, string name) =>
        _all.GetValueOrDefault((kind, name));

    /// <summary>The definitions of a kind, ordered by name.</summary>
    public IEnumerable<Definition> Of(DefinitionKind kind) =>
        _all.Where(pair => pair.Key.Kind == kind).Select(pair => pair.Value);

    /// <summary>Decides on a new definition. Repeating the same one by the same user records
    /// nothing.</summary>
    public DefinitionStep Decide(
        DefineRequest request,
        string by,
        bool admin,
        long now,
        DefinitionLimits limits
    )
    {
        var wanted = (request.Definition ?? new Definition()).Clone();
        var problems = DefinitionCheck.Problems(wanted, limits);
        if (problems.Count > 0)
            return DefinitionStep.Refused(RefusalCode.Usage, string.Join(' ', problems));
        if (DefinitionPlace.Confine(wanted, admin, limits.Allowed) is { } outside)
            return DefinitionStep.Refused(RefusalCode.NotAllowed, outside);
        var (kind, name) = (Definitions.KindOf(wanted), Definitions.NameOf(wanted));
        var word = Definitions.KindName(kind);
        var present = Find(kind, name);
        if (request.Replaces is { } expected)
        {
            if (Unchangeable(present, expected, kind, name, by, admin) is { } refusal)
                return new DefinitionStep(null, refusal);
            if (Definitions.AreEqual(present!, wanted))
                return new DefinitionStep(null, null);
        }
        else if (present is not null)
        {
            return present.Owner == by && Definitions.AreEqual(present, wanted)
                ? new DefinitionStep(null, null)
                : DefinitionStep.Refused(
                    RefusalCode.NotAllowed,
                    $"The {word} '{name}' already exists, created by {present.Owner}; delete it first or choose another name."
                );
        }
        var others = Of(kind).Where(one => one != present);
        if (others.Append(wanted).Sum(one => (long)one.CalculateSize()) > limits.TotalBytes)
            return DefinitionStep.Refused(
                RefusalCode.TooLarge,
                $"All {word}s together would exceed {limits.TotalBytes} bytes; delete some first."
            );
        wanted.Owner = present?.Owner ?? by;
        (wanted.Created, wanted.Fixed) = (present?.Created ?? now, false);
        return new DefinitionStep(new Defined { Definition = wanted }, null);
    }

    /// <summary>The reason to refuse a change, which only the creator and admins may
    /// request.</summary>
    private static Refusal? Unchangeable(
        Definition? present,
        Definition expected,
        DefinitionKind kind,
        string name,
        string by,
        bool admin
    ) =>
        present is null ? Definitions.Unknown(kind, name)
        : present.Owner != by && !admin
            ? new()
            {
                Code = RefusalCode.NotAllowed,
                Message =
                    $"The {Definitions.KindName(kind)} '{name}' was created by {present.Owner}; only {present.Owner} or an admin may change it.",
            }
        : !Definitions.AreEqual(present, expected)
            ? new()
            {
                Message =
                    $"The {Definitions.KindName(kind)} '{name}' was changed by another request at the same time; try again.",
            }
        : null;

    /// <summary>Decides on a deletion, which only the creator and admins may request.</summary>
    public DefinitionStep Decide(UndefineRequest request, string by, bool admin, long now)
    {
        if (Find(request.Kind, request.Name) is not { } present)
            return new DefinitionStep(null, Definitions.Unknown(request.Kind, request.Name));
        if (present.Owner != by && !admin)
            return DefinitionStep.Refused(
                RefusalCode.NotAllowed,
                $"The {Definitions.KindName(request.Kind)} '{request.Name}' was created by {present.Owner}; only {present.Owner} or an admin may delete it."
            );
        return new DefinitionStep(
            new Undefined
            {
                Kind = request.Kind,
                Name = request.Name,
                By = by,
                At = now,
            },
            null
        );
    }

    public DefinitionSet Evolve(Defined defined) =>
        new(
            _all.SetItem(
                (Definitions.KindOf(defined.Definition), Definitions.NameOf(defined.Definition)),
                defined.Definition
            )
        );

    public DefinitionSet Evolve(Undefined undefined) =>
        new(_all.Remove((undefined.Kind, undefined.Name)));
}

/// <summary>The decision on a request: an event to record, nothing, or a refusal.</summary>
public sealed record DefinitionStep(Google.Protobuf.IMessage? Event, Refusal? Refusal)
{
    internal static DefinitionStep Refused(RefusalCode code, string message) =>
        new(null, new Refusal { Code = code, Message = message });
}
