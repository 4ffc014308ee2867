using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Text;
using static JobCloud.Protocol.Submissions.AttributeValueFactory;

namespace JobCloud.Protocol.Submissions;

/// <summary>An attribute with its values.</summary>
public sealed record AttributeValues(JobAttribute Attribute, IReadOnlyList<string> Texts);

/// <summary>THE catalogue of job attributes, in the order in which clients show them.</summary>
public static class JobAttributes
{
    /// <summary>The program that runs the command.</summary>
    public static JobAttribute Shell { get; } =
        new(
            "--shell PATH",
            "shell that runs the command; none: no shell",
            Path(s => s.Shell, (s, v) => s.Shell = v)
        );

    private static readonly JobAttribute[] OfJobs =
    [
        new(
            "-l, --label TEXT",
            "label, for filters and searches",
            Name(s => s.Label, (s, v) => s.Label = v)
        ),
        new(
            "-t, --type TYPE",
            $"core type: a limit of memory per core ({Choices.Listed(CoreTypes.Presets.All.Select(type => type.Name))})",
            Words(s => s.CoreType, (s, v) => s.CoreType = v) with
            {
                Choices = [.. CoreTypes.Presets.All.Select(type => type.Name)],
                Check = (_, r, limits) => AttributeCheck.CoreType(r.Spec.CoreType, limits),
            },
            Default: "none",
            Label: "Core type"
        ),
        new(
            "-c, --cores N",
            "limit of cores; without one the job counts as one core",
            Limit(s => s.Cores, (s, v) => s.Cores = v),
            Default: "none"
        ),
        new(
            "--memory SIZE",
            "limit of memory with a unit, such as 512M or 2G; without one the job counts as its share of the node's memory",
            Memory(s => s.MemoryBytes, (s, v) => s.MemoryBytes = v),
            Default: "none"
        ),
        new(
            "--priority N",
            "lower first",
            Number(int.MinValue, s => s.Priority, (s, v) => s.Priority = v)
        ),
        new(
            "-m, --max-runtime TIME",
            "time limit, such as 90s or 1h30m (a bare number is minutes)",
            Duration(TimeSpan.FromMinutes(1), s => s.MaxRuntimeMs, (s, v) => s.MaxRuntimeMs = v),
            Default: "none"
        ),
        new(
            "-e, --env NAME",
            "environment: variables, PATH, setup line, root file system (see 'env')",
            Name(s => s.Environment, (s, v) => s.Environment = v),
            Label: "Environment"
        )
        {
            NamesOf = DefinitionKind.Environment,
        },
        new(
            "-v, --vol NAME",
            "volume to mount (see 'volume')",
            new(
                AttributeKind.Texts,
                (r, text, _) => Take<string>(text, r.Spec.Volumes.Add),
                r => r.Spec.Volumes
            )
            {
                Check = (_, r, limits) => AttributeCheck.Volumes(r.Spec.Volumes, limits),
            },
            Label: "Volumes"
        )
        {
            NamesOf = DefinitionKind.Volume,
        },
        new(
            "-w, --cwd DIR",
            "working directory; if omitted, a remote job, or one in an env with a root, has its own",
            WorkingDirectory,
            Default: "the current one",
            Label: "Directory"
        ),
        new(
            "--fresh",
            "run in a directory of the job's own, $JOBCLOUD_DIR",
            Flag(r => r.Spec.Fresh, (r, on) => r.Spec.Fresh = on) with
            {
                Check = (_, r, _) => AttributeCheck.Fresh(r.Spec),
            },
            Label: "Own directory"
        ),
        new(
            "--export NAMES",
            "your variables to pass on: all, none, or names such as PATH,LC_*; if omitted, a remote "
                + "job, or one in an env with a root, gets none",
            Export,
            Default: ExportedVariables.Default
        ),
        new(
            "-E, --os-env K=VALUE",
            "environment variable; K=@FILE takes a file's content, K your own value",
            new(
                AttributeKind.Pairs,
                (r, text, from) => Take(VariableText.Parse(text, from), r.Spec.Variables.Add),
                r => r.Spec.Variables.Select(VariableText.Print)
            )
            {
                Show = r => r.Spec.Variables.Select(VariableText.Show),
                Check = (_, r, _) => AttributeCheck.Variables(r.Spec.Variables),
            },
            Label: "Variables"
        ),
        new(
            "--isolate WHAT",
            "network: a private network with only loopback",
            Choice(
                ["network"],
                s => s.IsolateNetwork ? "network" : "",
                (s, _) => s.IsolateNetwork = true
            ),
            Default: "none"
        ),
        new(
            "--publish PORT",
            "with --isolate network: port that the node forwards to the job, such as 8000 or 53/udp",
            new(
                AttributeKind.Texts,
                (r, text, _) => Take(PublishedPorts.Parse(text), r.Spec.PublishedPorts.Add),
                r => r.Spec.PublishedPorts.Select(PublishedPorts.Print)
            )
            {
                Check = (_, r, _) => AttributeCheck.PublishedPorts(r.Spec),
            },
            Label: "Published ports"
        ),
        new(
            "-x, --depends-on JIDS",
            "run after these are done, such as 3,7,10-19, last or label:TEXT",
            Dependencies
        ),
        new(
            "--depends-on-errors POLICY",
            "abort: stall unless all are done; ignore: run in any case",
            Choice(
                ["abort", "ignore"],
                s => s.DependsOnErrors == DependencyPolicy.Ignore ? "ignore" : "abort",
                (s, word) =>
                    s.DependsOnErrors =
                        word == "ignore" ? DependencyPolicy.Ignore : DependencyPolicy.Abort
            ),
            Label: "On errors"
        ),
    ];

    private static readonly JobAttribute[] OfCommands =
    [
        new(
            "-d, --data P=VALUE",
            "value of {P}; @FILE sends the file along",
            new(
                AttributeKind.Pairs,
                (r, text, from) =>
                    Take(MapSources.Data(text, path => from.Send(path)), r.Spec.Data.Add),
                r => r.Spec.Data.Select(parameter => $"{parameter.Name}={parameter.Value}")
            )
            {
                PutContent = (r, name, content) =>
                    Take(MapSources.Data(name, content), r.Spec.Data.Add),
            }
        ),
        new(
            "--stdin FILE",
            "file for the job's stdin; - is this command's stdin",
            new(AttributeKind.File, PutStdin, _ => []) { PutContent = PutStdin }
        ),
        new(
            "-r, --return FILE",
            "file whose content is the result",
            Path(s => s.ReturnFile, (s, v) => s.ReturnFile = v),
            Default: "stdout"
        ),
        new(
            "--retries N",
            "retry up to N times after a failure",
            Number(0, s => s.Retries, (s, v) => s.Retries = v, limits => limits.Retries)
        ),
        new(
            "--backoff TIME",
            "delay before a retry, doubled each time",
            Duration(
                TimeSpan.FromSeconds(1),
                s => s.RetryBackoffMs,
                (s, v) => s.RetryBackoffMs = v
            ),
            Default: "none"
        ),
        Shell,
        new(
            "-i, --ignore-exit-status",
            "treat a nonzero exit code as done",
            Flag(r => r.Spec.IgnoreExitStatus, (r, on) => r.Spec.IgnoreExitStatus = on),
            Label: "Any exit is done"
        ),
        new(
            "--not-restartable",
            "end as error instead of running again when its node is lost, stopped or drained",
            Flag(r => r.Spec.NotRestartable, (r, on) => r.Spec.NotRestartable = on),
            Opposite: "restartable"
        ),
        new(
            "--profile",
            "record a profile of the command",
            Flag(r => r.Spec.Profile, (r, on) => r.Spec.Profile = on)
        ),
    ];

    private static readonly JobAttribute[] OfShells =
    [
        new(
            "-k, --keep-alive",
            "keep the job when its last terminal closes",
            Flag(_ => false, (r, on) => (r.Spec.ShellJob ??= new()).KeepAlive = on) with
            {
                Print = r => r.Spec.ShellJob is { } shell ? [Printed(shell.KeepAlive)] : [],
            }
        ),
    ];

    private static readonly JobAttribute[] OfMaps =
    [
        new(
            "--max-parallel N",
            "run at most N jobs at once",
            MapLimit(s => s.MaxParallel, (s, v) => s.MaxParallel = v),
            Default: "all"
        ),
        new(
            "--max-fails N",
            "kill the remaining jobs after N failures",
            MapLimit(s => s.MaxFails, (s, v) => s.MaxFails = v),
            Default: "none"
        ),
    ];

    private static readonly JobAttribute[] OfSubmissions =
    [
        new(
            "--request-id ID",
            "submit at most once per request id",
            new(
                AttributeKind.Text,
                (r, text, _) => Take<string>(text, id => r.RequestId = id),
                r => [r.RequestId]
            )
            {
                Check = (what, r, limits) => AttributeCheck.Name(what, r.RequestId, limits),
            }
        ),
        new(
            "--strict",
            "refuse a job that no node can run, instead of queueing it with a note",
            Flag(r => r.Strict, (r, on) => r.Strict = on)
        ),
        new(
            "--dry-run",
            "check everything, submit nothing",
            Flag(r => r.DryRun, (r, on) => r.DryRun = on)
        ),
    ];

    public static IReadOnlyList<JobAttribute> All { get; } =
    [
        .. OfJobs,
        .. Of(AttributeScope.Command, OfCommands),
        .. Of(AttributeScope.Shell, OfShells),
        .. Of(AttributeScope.Elements, ElementAttributes.All),
        .. Of(AttributeScope.Map, OfMaps),
        .. Of(AttributeScope.Submission, OfSubmissions),
    ];

    /// <summary>The command itself, an argument instead of an option.</summary>
    public static JobAttribute Command { get; } =
        new(
            "--command COMMAND",
            "shell line to run; {name} is a parameter",
            Words(s => s.Command, (s, v) => (s.Command, s.Argv) = (v, false))
        );

    /// <summary>The attribute of this name that such a submission accepts; null: none.</summary>
    public static JobAttribute? Find(string member, SubmissionKind kind)
    {
        foreach (var attribute in All)
        {
            if (attribute.Member == member && attribute.IsFor(kind))
                return attribute;
        }
        return null;
    }

    /// <summary>The attributes in which a request differs from an empty one.</summary>
    public static IEnumerable<AttributeValues> Given(SubmitRequest request)
    {
        var kind = SubmissionDraft.KindOf(request);
        var empty = SubmissionDraft.New(kind);
        return All.Where(attribute => attribute.IsFor(kind))
            .Select(a => new AttributeValues(a, [.. a.Value.Print(request)]))
            .Where(given => !given.Texts.SequenceEqual(given.Attribute.Value.Print(empty)));
    }

    private static AttributeValue WorkingDirectory =>
        new(
            AttributeKind.Text,
            (r, text, from) => Take<string>(from.Absolute(text), d => r.Spec.WorkingDirectory = d),
            r => r.Spec.WorkingDirectory is { Length: > 0 } directory ? [directory] : []
        )
        {
            Check = (_, r, _) => AttributeCheck.Directory(r.Spec.WorkingDirectory),
        };

    private static AttributeValue Export =>
        new(
            AttributeKind.Text,
            (r, text, from) =>
                Take(
                    ExportedVariables.Choose(text, from),
                    variables =>
                    {
                        r.Spec.Export = text;
                        r.Spec.Exported.Clear();
                        r.Spec.Exported.Add(variables);
                    }
                ),
            r => r.Spec.Export is { Length: > 0 } choice ? [choice] : []
        )
        {
            Check = (_, r, _) => AttributeCheck.Variables(r.Spec.Exported),
        };

    private static AttributeValue Dependencies =>
        new(
            AttributeKind.Text,
            (r, text, _) => Take(JidNotation.Parse(text), jobs => r.Dependencies = jobs),
            r =>
                r.Dependencies is { } jobs ? [JidNotation.Print(jobs)]
                : r.Spec.DependsOn.Count > 0 ? [JidNotation.Print(r.Spec.DependsOn)]
                : []
        )
        {
            Check = (_, r, _) => AttributeCheck.Dependencies(r),
        };

    private static TextError? PutStdin(SubmitRequest r, string file, ISubmissionSource from)
    {
        if ((file == "-" ? from.SendInput() : from.Send(file)) is not { } content)
            return ElementAttributes.Unreadable(file);
        content.PutIntoStdin(r.Spec);
        return null;
    }

    private static TextError? PutStdin(SubmitRequest r, string parameter, NamedContent input)
    {
        if (input.Name.Length > 0)
            return new TextError(0, 0, "standard input has no name; omit it.");
        input.Content.PutIntoStdin(r.Spec);
        return null;
    }

    private static IEnumerable<JobAttribute> Of(
        AttributeScope scope,
        IEnumerable<JobAttribute> attributes
    ) => attributes.Select(attribute => attribute with { Scope = scope });
}
