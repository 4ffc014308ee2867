using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>What of the machine a job sees.</summary>
/// <param name="Root">The directory that is its /; empty: the machine's own /.</param>
/// <param name="ReadOnlyRoot">The job cannot write to it.</param>
/// <param name="Volumes">What is bound in, and where.</param>
/// <param name="IsolatesNetwork">It has a network namespace of its own.</param>
public sealed record Sandbox(
    string Root,
    bool ReadOnlyRoot,
    IReadOnlyList<VolumeDefinition> Volumes,
    bool IsolatesNetwork
)
{
    /// <summary>The sandbox that a job asks for; null: it needs none.</summary>
    public static Sandbox? Of(StartProcess order) =>
        Of(order.EnvironmentDefinition, order.Volumes, order.IsolateNetwork);

    /// <inheritdoc cref="Of(StartProcess)"/>
    public static Sandbox? Of(JobSpec spec) =>
        Of(spec.EnvironmentDefinition, spec.VolumeDefinitions, spec.IsolateNetwork);

    /// <summary>Whether it shows the job other files than the machine's.</summary>
    public bool HasMounts => Root.Length > 0 || Volumes.Count > 0;

    /// <summary>Where on the machine lies what the job finds at this absolute path.</summary>
    /// <param name="directory">The job's working directory.</param>
    /// <param name="files">Those of the machine: the links of a root lead on within it.</param>
    public string Outside(string path, string directory, IPlaces files) =>
        Holding(path) is { } volume ? volume.Directory + path[volume.MountPath.Length..]
        : DefinitionCheck.IsWithin(path, directory) ? path
        : Root.Length > 0 ? RootedPath.Resolve(Root, path, files) ?? Root + path
        : path;

    /// <summary>The innermost volume that a path lies in; null: none.</summary>
    public VolumeDefinition? Holding(string path) =>
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
