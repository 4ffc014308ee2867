using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Environments;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The variables that the processes of a job find. For one thread.</summary>
/// <param name="home">By which the mark of its processes is known.</param>
internal sealed class JobEnvironment(string home, AgentWishes wishes, PythonHook python)
{
    private const string Path = "PATH";
    private readonly Dictionary<string, string> _variables = [];

    /// <summary>As they were last filled in, <c>NAME=value</c> each.</summary>
    public List<string> Variables { get; } = [];

    /// <summary>Lists the job's variables, each name once; returns its PATH.</summary>
    public string Fill(Launch launch, AttemptId id, bool profile)
    {
        _variables.Clear();
        foreach (var (name, value) in wishes.Inherited)
            _variables[name] = value;
        foreach (var variable in launch.Terms.Environment)
            _variables[variable.Name] = variable.Value;
        if (launch.Terms.EnvironmentDefinition is { Path.Count: > 0 } definition)
            _variables[Path] = EnvironmentPath.Before(
                definition.Path,
                _variables.GetValueOrDefault(Path, "")
            );
        python.AddTo(_variables, launch.Paths, profile);
        _variables[ProcessMark.VariableName] = ProcessMark.For(id, home);
        Variables.Clear();
        foreach (var (name, value) in _variables)
            Variables.Add($"{name}={value}");
        return _variables.GetValueOrDefault(Path, "");
    }
}
