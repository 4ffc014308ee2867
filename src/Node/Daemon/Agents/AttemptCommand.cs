using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Scheduling;
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

    private readonly AttemptGroup _group;
    private readonly Lazy<Parsed<CommandTemplate>> _template;
    private readonly Variable[] _shared;
    private readonly EnvironmentDefinition? _environment;

    /// <param name="group">The attempts' common settings.</param>
    /// <param name="node">The name of the node that runs them.</param>
    /// <param name="server">The address by which the attempts reach the cloud:
    /// <c>unix:PATH</c>.</param>
    public AttemptCommand(AttemptGroup group, string node, string server)
    {
        _group = group;
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
            // environment.
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
        if (spec.Data.Count > 0 || order.Parameters.Count > 0)
        {
            if (!_template.Value.Ok)
                return _template.Value.Error;
            command = _template.Value.Value.ToRun(name => Value(order, name));
        }
        var start = new StartProcess
        {
            Jid = order.Jid,
            Attempt = order.Attempt,
            Command = command,
            Argv = spec.Argv,
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
        if (spec.HasStdin)
            start.Stdin = spec.Stdin;
        AddEnvironment(start.Environment, order);
        AddFiles(start.Files, spec.Data);
        AddFiles(start.Files, order.Parameters);
        return start;
    }

    private void AddEnvironment(ICollection<Variable> environment, AttemptOrder order)
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
        AddParameters(environment, _group.Spec.Data);
        AddParameters(environment, order.Parameters);
    }

    private static void AddParameters(
        ICollection<Variable> environment,
        IReadOnlyList<Parameter> parameters
    )
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var (name, value) = (parameters[i].Name, parameters[i].Value);
            environment.Add(new() { Name = CommandTemplate.VariableOf(name), Value = value });
        }
    }

    private static void AddFiles(ICollection<SentFile> files, IReadOnlyList<Parameter> parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
            if (parameters[i].HasFile)
                files.Add(new() { Name = parameters[i].Value, Content = parameters[i].File });
    }

    private string? Value(AttemptOrder order, string name) =>
        Value(order.Parameters, name) ?? Value(_group.Spec.Data, name);

    private static string? Value(IReadOnlyList<Parameter> parameters, string name)
    {
        for (var i = 0; i < parameters.Count; i++)
            if (parameters[i].Name == name)
                return parameters[i].Value;
        return null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
