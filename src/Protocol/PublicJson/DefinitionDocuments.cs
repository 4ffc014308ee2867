using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The environments.</summary>
/// <param name="Environments">Without a version of their own.</param>
public sealed record EnvironmentsDocument(IEnumerable<EnvironmentDocument> Environments)
    : PublicDocument;

/// <summary>An environment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Variables">Its variables; a value that the caller may not see is null.</param>
/// <param name="Path">The directories put before those of PATH.</param>
/// <param name="Setup">The shell line that runs before the command; empty: none.</param>
/// <param name="Root">The directory that jobs see as /; empty: that of the machine.</param>
/// <param name="ReadOnly">Whether jobs cannot write to the root.</param>
/// <param name="Owner">Who created it; null: the settings.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Fixed">Whether it is from the settings, so that requests cannot change it.</param>
public sealed record EnvironmentDocument(
    string Name,
    IReadOnlyDictionary<string, string?> Variables,
    IReadOnlyList<string> Path,
    string Setup,
    string Root,
    bool ReadOnly,
    string? Owner,
    [property: Form(JsonForm.Instant)] string? Created,
    bool Fixed
) : PublicDocument;

/// <summary>The volumes.</summary>
/// <param name="Volumes">Without a version of their own.</param>
public sealed record VolumesDocument(IEnumerable<VolumeDocument> Volumes) : PublicDocument;

/// <summary>A volume.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">The directory of the nodes.</param>
/// <param name="MountPath">Its path in jobs.</param>
/// <param name="ReadOnly">Whether jobs cannot write to it.</param>
/// <param name="Owner">Who created it; null: the settings.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Fixed">Whether it is from the settings, so that requests cannot change it.</param>
public sealed record VolumeDocument(
    string Name,
    string Directory,
    string MountPath,
    bool ReadOnly,
    string? Owner,
    [property: Form(JsonForm.Instant)] string? Created,
    bool Fixed
) : PublicDocument;

/// <summary>Makes the documents of definitions.</summary>
public static class DefinitionDocuments
{
    /// <summary>All definitions of a kind.</summary>
    public static PublicDocument Of(DefinitionKind kind, DefinitionsReply reply) =>
        kind == DefinitionKind.Volume
            ? new VolumesDocument(
                reply.Definitions.Select(one => VolumeOf(one) with { Version = null })
            )
            : new EnvironmentsDocument(
                reply.Definitions.Select(one => EnvironmentOf(one) with { Version = null })
            );

    /// <summary>One definition.</summary>
    public static PublicDocument Of(Definition one) =>
        one.Volume is null ? EnvironmentOf(one) : VolumeOf(one);

    private static EnvironmentDocument EnvironmentOf(Definition one)
    {
        var environment = one.Environment;
        var variables = new Dictionary<string, string?>();
        foreach (var variable in environment.Variables)
            variables[variable.Name] = one.ValuesHidden ? null : variable.Value;
        return new EnvironmentDocument(
            environment.Name,
            variables,
            environment.Path,
            environment.Setup,
            environment.Root,
            environment.ReadOnly,
            OwnerOf(one),
            CreatedOf(one),
            one.Fixed
        );
    }

    private static VolumeDocument VolumeOf(Definition one) =>
        new(
            one.Volume.Name,
            one.Volume.Directory,
            one.Volume.MountPath,
            one.Volume.ReadOnly,
            OwnerOf(one),
            CreatedOf(one),
            one.Fixed
        );

    private static string? OwnerOf(Definition one) => one.Fixed ? null : one.Owner;

    private static string? CreatedOf(Definition one) =>
        one.Fixed ? null : PublicValues.Instant(one.Created);
}
