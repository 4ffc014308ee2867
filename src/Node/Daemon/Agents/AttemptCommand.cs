using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Turns the orders of one group into start requests for the executor. Prepares the shared
/// parts once.</summary>
internal sealed class AttemptCommand
{
    // Users cannot set the variables that identify a job.
    private static readonly HashSet<string> Reserved =
    [
        "JOBCLOUD_JID",
        "JOBCLOUD_ATTEMPT",
        "JOBCLOUD_MAP_INDEX",
        "JOBCLOUD_NODE",
        "JOBCLOUD_SERVER",
        "JOBCLOUD_LABEL",
        "JOBCLOUD_CORES",
    ];

    private readonly HomePaths _home;

    private readonly AttemptGroup _group;
    private readonly Lazy<Parsed<CommandTemplate>> _template;
    private readonly Variable[] _shared;
    private readonly EnvironmentDefinition? _environment;

    /// <param name="group">The attempts' common settings.</param>
    /// <param name="node">The name of the node that runs them.</param>
    /// <param name="server">The address by which the attempts reach the cloud:
    /// <c>unix:PATH</c>.</param>
    /// <param name="home">The home in which the attempts have their own directories.</param>
    public AttemptCommand(AttemptGroup group, string node, string server, HomePaths home)
    {
        (_group, _home) = (group, home);
        _template = new(() => CommandTemplate.Parse(group.Spec));
        _environment = group.Spec.EnvironmentDefinition?.Clone();
        _environment?.Variables.Clear();
        _shared =
        [
            new() { Name = "JOBCLOUD_NODE", Value = node },
            // A sandbox does not show the node's socket.
            .. Sandbox.Of(group.Spec) is null
                ? (Variable[])[new() { Name = "JOBCLOUD_SERVER", Value = server }]
                : [],
            new() { Name = "JOBCLOUD_LABEL", Value = group.Spec.Label },
            new() { Name = "JOBCLOUD_CORES", Value = Text(PlacementSize.Cores(group.Spec.Cores)) },
            // The last value of a name wins, so the job's own variables override those of its
            // environment, and these override the submitter's.
            .. group.Spec.Exported.Where(variable => !Reserved.Contains(variable.Name)),
            .. group.Spec.EnvironmentDefinition?.Variables ?? [],
            .. group.Spec.Variables.Where(variable => !Reserved.Contains(variable.Name)),
        ];
    }

    /// <summary>Returns the start request, or an error in the command, which prevents the start of
    /// every attempt in the group.</summary>
    public Parsed<StartProcess> Bind(AttemptOrder order)
    {
        var spec = _group.Spec;
        var command = spec.Command;
        var sent = PlaceOfSent(order);
        if (spec.Data.Count > 0 || order.Parameters.Count > 0)
        {
            if (!_template.Value.Ok)
                return _template.Value.Error;
            command = _template.Value.Value.ToRun(name => Value(order, name, sent));
        }
        var start = new StartProcess
        {
            Jid = order.Jid,
            Attempt = order.Attempt,
            Command = command,
            Argv = spec.Argv,
            Exported = ExportedVariables.HasLanguage(spec),
            Shell = spec.Shell,
            WorkingDirectory = spec.WorkingDirectory,
            ReturnFile = spec.ReturnFile,
            MaxRuntimeMs = spec.MaxRuntimeMs,
            Cores = spec.Cores,
            MemoryBytes = spec.MemoryBytes,
            EnvironmentDefinition = _environment,
            IsolateNetwork = spec.IsolateNetwork,
            Profile = spec.Profile,
            ShellJob = spec.ShellJob,
            Account = spec.Account.Length > 0 ? spec.Account : _group.Owner,
        };
        start.Volumes.AddRange(spec.VolumeDefinitions);
        start.PublishedPorts.AddRange(spec.PublishedPorts);
        if (SentContent.OfStdin(spec) is { } stdin)
        {
            if (stdin.Bytes is { } bytes)
                start.Stdin = bytes;
            else
                start.StdinCopy = CopyOf(order, 0);
        }
        AddEnvironment(start.Environment, order, sent);
        AddFiles(start.Files, order);
        return start;
    }

    /// <summary>The copies that the start of an attempt needs.</summary>
    public IReadOnlyList<BlobCopy> Copies(AttemptOrder order)
    {
        var copies = new List<BlobCopy>();
        if (_group.Spec.StdinBlob is { } stdin)
            copies.Add(new(stdin, CopyOf(order, 0)));
        var number = 0;
        foreach (var (_, content) in Files(order))
        {
            number++;
            if (content.Blob is { } blob)
                copies.Add(new(blob, CopyOf(order, number)));
        }
        return copies;
    }

    private string CopyOf(AttemptOrder order, int number) =>
        $"{_home.Copies}/{order.Jid}.{order.Attempt}.{number}";

    private IEnumerable<(string Name, SentContent Content)> Files(AttemptOrder order)
    {
        foreach (var parameter in _group.Spec.Data.Concat(order.Parameters))
        {
            if (SentContent.Of(parameter) is { } content)
                yield return (parameter.Value, content);
        }
    }

    /// <summary>The directory of the files sent along, with a slash at its end; empty: the working
    /// directory.</summary>
    private string PlaceOfSent(AttemptOrder order) =>
        _group.Spec.WorkingDirectory.Length == 0
            ? ""
            : _home.Attempt(new Jid(order.Jid), order.Attempt).Directory + "/";

    private void AddEnvironment(ICollection<Variable> environment, AttemptOrder order, string sent)
    {
        environment.Add(new() { Name = "JOBCLOUD_JID", Value = Text(order.Jid) });
        environment.Add(new() { Name = "JOBCLOUD_ATTEMPT", Value = Text(order.Attempt) });
        if (_group.IsMap)
        {
            var index = Text(order.Jid - _group.SubmissionFirst);
            environment.Add(new() { Name = "JOBCLOUD_MAP_INDEX", Value = index });
        }
        foreach (var variable in _shared)
            environment.Add(variable);
        AddParameters(environment, _group.Spec.Data, sent);
        AddParameters(environment, order.Parameters, sent);
    }

    private static void AddParameters(
        ICollection<Variable> environment,
        IReadOnlyList<Parameter> parameters,
        string sent
    )
    {
        for (var i = 0; i < parameters.Count; i++)
            environment.Add(
                new()
                {
                    Name = CommandTemplate.VariableOf(parameters[i].Name),
                    Value = Value(parameters[i], sent),
                }
            );
    }

    private void AddFiles(ICollection<SentFile> files, AttemptOrder order)
    {
        foreach (var (name, content) in Files(order))
            files.Add(
                content.Bytes is { } bytes
                    ? new() { Name = name, Content = bytes }
                    : new() { Name = name, Copy = CopyOf(order, files.Count + 1) }
            );
    }

    private string? Value(AttemptOrder order, string name, string sent) =>
        Value(order.Parameters, name, sent) ?? Value(_group.Spec.Data, name, sent);

    private static string? Value(IReadOnlyList<Parameter> parameters, string name, string sent)
    {
        for (var i = 0; i < parameters.Count; i++)
            if (parameters[i].Name == name)
                return Value(parameters[i], sent);
        return null;
    }

    private static string Value(Parameter parameter, string sent) =>
        SentContent.Of(parameter) is not null ? sent + parameter.Value : parameter.Value;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A content to copy to a path.</summary>
internal readonly record struct BlobCopy(BlobRef Blob, string Path);
