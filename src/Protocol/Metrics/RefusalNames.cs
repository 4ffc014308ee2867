using System.Collections.Frozen;

namespace JobCloud.Protocol.Metrics;

/// <summary>The codes of answered requests as values of a label.</summary>
public static class RefusalNames
{
    /// <summary>The request was granted.</summary>
    public const string Ok = "ok";

    private static readonly FrozenDictionary<RefusalCode, string> Names =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(code => code, Spell);

    public static IReadOnlyList<string> All { get; } =
    [Ok, .. Enum.GetValues<RefusalCode>().Select(code => Names[code])];

    /// <summary>The name of a code, such as <c>unknown-job</c>; null: <see cref="Ok"/>.</summary>
    public static string Of(Refusal? refusal) =>
        refusal is null
            ? Ok
            : Names.GetValueOrDefault(refusal.Code, Names[RefusalCode.Unspecified]);

    private static string Spell(RefusalCode code) =>
        string.Concat(
                code.ToString().Select((c, at) => char.IsUpper(c) && at > 0 ? $"-{c}" : $"{c}")
            )
            .ToLowerInvariant();
}
