using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>The part of the machine that a job sees.</summary>
/// <param name="Root">The directory that it sees as /; empty: that of the machine.</param>
/// <param name="ReadOnlyRoot">Whether the root is read-only.</param>
/// <param name="Volumes">The volumes to bind.</param>
/// <param name="IsolatesNetwork">Whether it has a private network namespace.</param>
public sealed record Sandbox(
    string Root,
    bool ReadOnlyRoot,
    IReadOnlyList<VolumeDefinition> Volumes,
    bool IsolatesNetwork
)
{
    /// <summary>The sandbox of a job; null: it needs none.</summary>
    public static Sandbox? Of(StartProcess order) =>
        Of(order.EnvironmentDefinition, order.Volumes, order.IsolateNetwork);

    /// <inheritdoc cref="Of(StartProcess)"/>
    public static Sandbox? Of(JobSpec spec) =>
        Of(spec.EnvironmentDefinition, spec.VolumeDefinitions, spec.IsolateNetwork);

    /// <summary>Whether the job sees files other than the machine's.</summary>
    public bool HasMounts => Root.Length > 0 || Volumes.Count > 0;

    /// <summary>The innermost volume that contains a path; null: none.</summary>
    public VolumeDefinition? VolumeAt(string path) =>
        Volumes
            .Where(volume => DefinitionCheck.IsWithin(path, volume.MountPath))
            .MaxBy(volume => volume.MountPath.Length);

    private static Sandbox? Of(
        EnvironmentDefinition? environment,
        IReadOnlyList<VolumeDefinition> volumes,
        bool isolatesNetwork
    ) =>
        environment is not { Root.Length: > 0 } && volumes.Count == 0 && !isolatesNetwork
            ? null
            : new(
                environment?.Root ?? "",
                environment?.ReadOnly ?? false,
                volumes,
                isolatesNetwork
            );
}
