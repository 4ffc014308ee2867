using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Submissions;

/// <summary>Builds a request that submits a job again. The cloud does not keep files sent
/// along.</summary>
public static class Resubmission
{
    public static SubmitRequest Of(JobDetail job)
    {
        var spec = (job.Spec ?? new JobSpec()).Clone();
        spec.Data.Clear();
        spec.Data.Add(job.Parameters);
        if (job.MapFirst > 0)
            (spec.MaxParallel, spec.MaxFails) = (0, 0);
        if (IsByType(spec))
            (spec.MemoryBytes, spec.MemoryByType) = (0, false);
        spec.Fresh = spec.WorkingDirectory.Length == 0;
        if (spec.Export.Length == 0 && spec.Exported.Count == 0)
            spec.Export = ExportedVariables.None;
        spec.Exported.Clear();
        spec.EnvironmentDefinition = null;
        spec.VolumeDefinitions.Clear();
        var request = new SubmitRequest { Spec = spec, Count = 1 };
        if (spec.DependsOn.Count > 0)
        {
            var items = spec.DependsOn.Select(range => new SelectionItem { Range = range });
            request.Dependencies = new Selection { Items = { items } };
            spec.DependsOn.Clear();
        }
        return request;
    }

    // Whether the memory is that of the core type. Jobs of older nodes do not say so.
    private static bool IsByType(JobSpec spec) =>
        spec.MemoryByType
        || CoreTypes.Presets.Find(spec.CoreType)?.MemoryPerCoreBytes * spec.Cores
            == spec.MemoryBytes;
}
