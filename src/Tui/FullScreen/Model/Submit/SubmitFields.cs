using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using static JobCloud.Tui.FullScreen.Model.Submit.FieldKind;
using static JobCloud.Tui.FullScreen.Model.Submit.FieldOf;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>Every field of the form, in its order.</summary>
internal static class SubmitFields
{
    private const int DefaultPriority = 5;

    public static SubmitField Command { get; } =
        Words(
            "",
            "Command",
            "what to run; {name} is a parameter",
            (s, v) => s.Command = v,
            s => s.Command
        );

    public static IReadOnlyList<SubmitField> All { get; } =
    [
        Command,
        Words("--label", "Label", "to find it by", (s, v) => s.Label = v, s => s.Label),
        Words("--type", "Type", "core type", (s, v) => s.CoreType = v, s => s.CoreType) with
        {
            Kind = Choice,
            Choices = [.. CoreTypes.Default.All.Select(t => t.Name)],
            Default = CoreTypes.Default.All[0].Name,
        },
        Number("--cores", "Cores", "cores", 1, (s, n) => s.Cores = n, s => s.Cores, 1),
        new(
            "--memory",
            "Memory",
            Text,
            "such as 512M or 2G",
            (r, text, _) => Take(Sizes.Parse(text), bytes => r.Spec.MemoryBytes = bytes),
            s => IsByType(s) ? [] : [Sizes.Exact(s.MemoryBytes)]
        )
        {
            Default = "by type",
        },
        Number(
            "--priority",
            "Priority",
            "lower first",
            int.MinValue,
            (s, n) => s.Priority = n,
            s => s.Priority,
            DefaultPriority
        ),
        Time(
            "--max-runtime",
            "Max runtime",
            "kill it after so many minutes, or 90s, 1h30m",
            TimeSpan.FromMinutes(1),
            (s, ms) => s.MaxRuntimeMs = ms,
            s => s.MaxRuntimeMs
        ),
        Words(
            "--env",
            "Environment",
            "a named environment",
            (s, v) => s.Environment = v,
            s => s.Environment
        ),
        Several(
            "--vol",
            "Volumes",
            "named volumes",
            (r, v, _) => Add(r.Spec.Volumes, v),
            s => s.Volumes
        ),
        Words(
            "--cwd",
            "Directory",
            "working directory",
            (s, v) => s.WorkingDirectory = v,
            s => s.WorkingDirectory
        ) with
        {
            Default = "a fresh one",
        },
        Several(
            "--os-env",
            "Variables",
            "K=VALUE …",
            (r, text, _) => Take(VariableText.Parse(text), r.Spec.Variables.Add),
            s => s.Variables.Select(v => $"{v.Name}={v.Value}")
        ),
        Several(
            "--data",
            "Data",
            "P=VALUE … is the value of {P}; P=@FILE sends a file along",
            (r, text, read) =>
                Take(MapSources.Data(text, path => read(path, null)), r.Spec.Data.Add),
            s => s.Data.Select(p => $"{p.Name}={p.Value}")
        ),
        new(
            "--stdin",
            "Stdin",
            Text,
            "a file, sent along",
            (r, text, read) => PutStdin(r.Spec, text, read(text, null)),
            _ => []
        ),
        Words(
            "--return",
            "Return",
            "the result is this file",
            (s, v) => s.ReturnFile = v,
            s => s.ReturnFile
        ) with
        {
            Default = "stdout",
        },
        new(
            "--depends-on",
            "Depends on",
            Text,
            "jids that must end first: 3,7,10-19 or last",
            (r, text, _) => Take(Jids.Parse(text), jobs => r.Dependencies = jobs),
            s => s.DependsOn.Count > 0 ? [Jids.Print(s.DependsOn)] : []
        ),
        Words(
            "--depends-on-errors",
            "On errors",
            "abort: stall unless all ended done",
            (s, v) =>
                s.DependsOnErrors = v == Ignore ? DependencyPolicy.Ignore : DependencyPolicy.Abort,
            s => s.DependsOnErrors == DependencyPolicy.Ignore ? Ignore : ""
        ) with
        {
            Kind = Choice,
            Choices = ["abort", Ignore],
            Default = "abort",
        },
        Number(
            "--retries",
            "Retries",
            "after a bad exit",
            0,
            (s, n) => s.Retries = n,
            s => s.Retries,
            0
        ),
        Time(
            "--backoff",
            "Backoff",
            "pause before each retry",
            TimeSpan.FromSeconds(1),
            (s, ms) => s.RetryBackoffMs = ms,
            s => s.RetryBackoffMs
        ),
        Words("--shell", "Shell", "a path, or none", (s, v) => s.Shell = v, s => s.Shell),
        Words(
            "--isolate",
            "Isolate",
            "network: one of its own",
            (s, v) => s.IsolateNetwork = v == Network,
            s => s.IsolateNetwork ? Network : ""
        ) with
        {
            Kind = Choice,
            Choices = [Network],
            Default = "nothing",
        },
        Flagged(
            "--ignore-exit-status",
            "Any exit is done",
            "a nonzero exit is done all the same",
            s => s.IgnoreExitStatus = true,
            s => s.IgnoreExitStatus
        ),
        Flagged(
            "--not-restartable",
            "Not restartable",
            "end error, not start again, when its node is lost",
            s => s.NotRestartable = true,
            s => s.NotRestartable
        ),
        Flagged(
            "--profile",
            "Profile",
            "record what it spends its time in",
            s => s.Profile = true,
            s => s.Profile
        ),
        .. SubmitMapFields.All,
    ];

    private const string Ignore = "ignore";
    private const string Network = "network";

    private static TextError? Add(ICollection<string> values, string value)
    {
        values.Add(value);
        return null;
    }

    private static TextError? PutStdin(
        JobSpec spec,
        string file,
        Google.Protobuf.ByteString? content
    )
    {
        if (content is null)
            return new TextError(0, file.Length, $"the file {file} cannot be read.");
        spec.Stdin = content;
        return null;
    }

    // The memory that its type gives.
    private static bool IsByType(JobSpec spec) =>
        spec.MemoryBytes == 0
        || CoreTypes.Default.Resolve(spec.CoreType, spec.Cores, 0)?.MemoryBytes == spec.MemoryBytes;
}
