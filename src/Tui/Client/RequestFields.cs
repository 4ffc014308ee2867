using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Client;

/// <summary>The properties of a request that have the value of a job attribute, by the name of
/// that.</summary>
internal static class RequestFields
{
    private static readonly Dictionary<string, Func<JobRequest, IEnumerable<string>>> Texts = new()
    {
        ["label"] = r => Text(r.Label),
        ["type"] = r => Text(r.Type),
        ["cores"] = r => Number(r.Cores),
        ["memory"] = r => r.Memory is { } bytes ? [Sizes.Exact(bytes)] : [],
        ["priority"] = r => Number(r.Priority),
        ["max_runtime"] = r => Time(r.MaxRuntime),
        ["env"] = r => Text(r.Env),
        ["vol"] = r => r.Vol,
        ["cwd"] = r => Text(r.Cwd),
        ["fresh"] = r => Flag(r.Fresh),
        ["export"] = r => Text(r.Export),
        ["os_env"] = r => r.OsEnv.Select(Variable),
        ["isolate"] = r => Text(r.Isolate),
        ["publish"] = r => r.Publish,
        ["depends_on"] = r => Text(r.DependsOn?.ToString()),
        ["depends_on_errors"] = r => Text(r.DependsOnErrors),
        ["return"] = r => Text(r.Return),
        ["retries"] = r => Number(r.Retries),
        ["backoff"] = r => Time(r.Backoff),
        ["shell"] = r => Text(r.Shell),
        ["ignore_exit_status"] = r => Flag(r.IgnoreExitStatus),
        ["not_restartable"] = r => Flag(r.NotRestartable),
        ["profile"] = r => Flag(r.Profile),
        ["request_id"] = r => Text(r.RequestId),
        ["strict"] = r => Flag(r.Strict),
        ["dry_run"] = r => Flag(r.DryRun),
        ["arg_file"] = r => OfMap(r, m => m.ArgFile.Select(pair => $"{pair.Key}={pair.Value}")),
        ["range"] = r => OfMap(r, m => m.Range),
        ["json"] = r => OfMap(r, m => Text(m.Json)),
        ["copies"] = r => OfMap(r, m => Number(m.Copies)),
        ["max_parallel"] = r => OfMap(r, m => Number(m.MaxParallel)),
        ["max_fails"] = r => OfMap(r, m => Number(m.MaxFails)),
    };

    /// <summary>The properties whose values may be files: no text stands for them.</summary>
    public static IReadOnlyList<string> Contents { get; } = ["data", "stdin", "map_data"];

    /// <summary>The names of the attributes that a request can have.</summary>
    public static IEnumerable<string> All => Texts.Keys.Concat(Contents);

    /// <summary>The values of an attribute in a request, as its option takes them.</summary>
    public static IEnumerable<string> Of(JobRequest request, JobAttribute attribute) =>
        Texts.TryGetValue(attribute.Member, out var texts) ? texts(request) : [];

    private static IEnumerable<string> Text(string? text) => text is null ? [] : [text];

    private static IEnumerable<string> Number(int? number) =>
        number is { } given ? [given.ToString(CultureInfo.InvariantCulture)] : [];

    private static IEnumerable<string> Time(TimeSpan? time) =>
        time is { } given ? [Durations.Print(given)] : [];

    private static IEnumerable<string> Flag(bool on) => on ? [JobAttribute.On] : [];

    private static string Variable(KeyValuePair<string, string> variable) =>
        VariableText.Print(new Variable { Name = variable.Key, Value = variable.Value });

    private static IEnumerable<string> OfMap(
        JobRequest request,
        Func<MapRequest, IEnumerable<string>> texts
    ) => request is MapRequest map ? texts(map) : [];
}
