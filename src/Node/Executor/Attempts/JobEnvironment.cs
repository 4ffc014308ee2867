using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The environment variables of a job's processes. Not thread-safe.</summary>
/// <param name="home">Identifies this node in the mark of its processes.</param>
internal sealed class JobEnvironment(string home, ExecutionSettings settings, PythonHook python)
{
    private const string Path = "PATH";
    private const string DirectoryVariable = "JOBCLOUD_DIR";
    private readonly Dictionary<string, string> _variables = [];

    /// <summary>The result of the last <see cref="Fill"/>: one <c>NAME=value</c> each.</summary>
    public List<string> Variables { get; } = [];

    /// <summary>Lists the job's variables, each name once; returns its PATH.</summary>
    public string Fill(Launch launch, AttemptId id, bool profile)
    {
        _variables.Clear();
        foreach (var (name, value) in settings.Inherited)
        {
            if (!launch.Order.Exported || !ExportedVariables.IsLanguage(name))
                _variables[name] = value;
        }
        if (launch.Account is { } account)
            AddAccount(account);
        foreach (var variable in launch.Order.Environment)
            _variables[variable.Name] = variable.Value;
        if (launch.Order.EnvironmentDefinition is { Path.Count: > 0 } definition)
            _variables[Path] = EnvironmentPath.Prepend(
                definition.Path,
                _variables.GetValueOrDefault(Path, "")
            );
        _variables[DirectoryVariable] = launch.Paths.Directory;
        python.AddTo(_variables, launch.Paths, profile);
        _variables[JobMark.VariableName] = JobMark.For(id, home);
        Variables.Clear();
        foreach (var (name, value) in _variables)
            Variables.Add($"{name}={value}");
        return _variables.GetValueOrDefault(Path, "");
    }

    private void AddAccount(Account account)
    {
        _variables["HOME"] = account.Home;
        _variables["USER"] = _variables["LOGNAME"] = account.Name;
        _variables["SHELL"] = account.LoginShell ?? settings.Shell;
    }
}
