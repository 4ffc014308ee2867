using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Copies the current definitions of the environment and the volumes into a submission, so
/// that no node must look them up and a later change does not alter it.</summary>
/// <param name="definitions">Looks up the names.</param>
/// <param name="nodes">Lists the nodes that may be able to create a sandbox.</param>
/// <param name="files">The files of this node, or null if no jobs run here.</param>
internal sealed class EnvironmentResolver(
    DefinitionsHandler definitions,
    NodesHandler nodes,
    IPathEntries? files
)
{
    /// <summary>Returns null, or the reason to refuse the submission.</summary>
    public async Task<Refusal?> ResolveAsync(JobSpec spec, CancellationToken cancel)
    {
        spec.EnvironmentDefinition = null;
        spec.VolumeDefinitions.Clear();
        if (spec.Environment.Length > 0)
        {
            var found = await FindAsync(DefinitionKind.Environment, spec.Environment, cancel);
            if (!found.IsGranted)
                return found.Refusal;
            spec.EnvironmentDefinition = found.Reply.Environment;
        }
        foreach (var name in spec.Volumes)
        {
            var found = await FindAsync(DefinitionKind.Volume, name, cancel);
            if (!found.IsGranted)
                return found.Refusal;
            spec.VolumeDefinitions.Add(found.Reply.Volume);
        }
        return Sandbox.Of(spec) is { } sandbox ? await CheckAsync(sandbox, spec, cancel) : null;
    }

    private async Task<Outcome<Definition>> FindAsync(
        DefinitionKind kind,
        string name,
        CancellationToken cancel
    )
    {
        var request = new DefinitionsRequest { Kind = kind, Name = name };
        var found = await definitions.ReadAsync(request, cancel);
        return found.IsGranted ? found.Reply.Definitions[0] : found.Refusal;
    }

    private async Task<Refusal?> CheckAsync(Sandbox sandbox, JobSpec spec, CancellationToken cancel)
    {
        if (SandboxCheck.OfVolumes(sandbox.Volumes) is { } twice)
            return Refuse(RefusalCode.Usage, twice);
        if (
            files is not null
            && SandboxCheck.OfFiles(spec.EnvironmentDefinition, sandbox.Volumes, files)
                is { } broken
        )
            return Refuse(RefusalCode.NotFound, broken);
        var cloud = await nodes.NodesAsync(cancel);
        if (!cloud.IsGranted)
            return cloud.Refusal;
        // A node that has not yet reported its isolation may be able to run the job; it checks
        // again at the start.
        var problems = cloud
            .Reply.Nodes.Select(node =>
                node.Isolation is { } isolation ? SandboxCheck.OfMachine(sandbox, isolation) : null
            )
            .ToList();
        return problems.Count > 0 && problems.TrueForAll(problem => problem is not null)
            ? Refuse(RefusalCode.NotFound, problems[0]!)
            : null;
    }

    private static Refusal Refuse(RefusalCode code, string problem) =>
        Refusals.Of(code, $"The job cannot be submitted: {problem}.");
}
