using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;

namespace JobCloud.Protocol.Info;

/// <summary>All that was set when a job was created, under the names of the options.</summary>
internal static class JobAttributes
{
    public static InfoValue? Of(JobDetail job)
    {
        if (job.Spec is not { } spec)
            return null;
        var members = new List<KeyValuePair<string, InfoValue>>();
        Add("command", Text(job.Command.Length > 0 ? job.Command : spec.Command));
        if (job.Command.Length > 0 && job.Command != spec.Command)
            Add("template", Text(spec.Command));
        Add("owner", Text(job.Owner));
        if (job.MapFirst > 0)
            Add("map", Text(Jids.Print(JidRanges.Range(job.MapFirst, job.MapLast))));
        Add("label", Text(spec.Label));
        Add("type", Text(spec.CoreType));
        Add("cores", new InfoValue.Number(spec.Cores));
        Add("memory", new InfoValue.Bytes(spec.MemoryBytes));
        Add("priority", new InfoValue.Number(spec.Priority));
        Add("env", Text(spec.Environment));
        Add("vol", Texts(spec.Volumes));
        if (spec.IsolateNetwork)
            Add("isolate", Text("network"));
        Add("cwd", Text(spec.WorkingDirectory));
        Add("return", Text(spec.ReturnFile));
        Add("ignore_exit_status", new InfoValue.Flag(spec.IgnoreExitStatus));
        if (spec.MaxRuntimeMs > 0)
            Add("max_runtime", new InfoValue.Seconds(spec.MaxRuntimeMs / 1e3));
        Add("depends_on", Text(Jids.Print(spec.DependsOn)));
        Add("depends_on_errors", Text(Policy(spec.DependsOnErrors)));
        Add("restartable", new InfoValue.Flag(!spec.NotRestartable));
        Add("retries", new InfoValue.Number(spec.Retries));
        if (spec.RetryBackoffMs > 0)
            Add("backoff", new InfoValue.Seconds(spec.RetryBackoffMs / 1e3));
        Add("data", Pairs(spec.Data.Select(p => (p.Name, p.Value))));
        Add("os_env", Pairs(spec.Variables.Select(v => (v.Name, v.Value))));
        Add("shell", Text(spec.Shell));
        Add("profile", new InfoValue.Flag(spec.Profile));
        if (spec.MaxParallel > 0)
            Add("max_parallel", new InfoValue.Number(spec.MaxParallel));
        if (spec.MaxFails > 0)
            Add("max_fails", new InfoValue.Number(spec.MaxFails));
        return new InfoValue.Object(members);

        void Add(string name, InfoValue value) => members.Add(new(name, value));
    }

    private static InfoValue.Text Text(string text) => new(text);

    private static InfoValue.List Texts(IEnumerable<string> texts) => new([.. texts.Select(Text)]);

    private static InfoValue.Object Pairs(IEnumerable<(string Name, string Value)> pairs) =>
        new([.. pairs.Select(p => KeyValuePair.Create<string, InfoValue>(p.Name, Text(p.Value)))]);

    private static string Policy(DependencyPolicy policy) =>
        policy == DependencyPolicy.Ignore ? "ignore" : "abort";
}
