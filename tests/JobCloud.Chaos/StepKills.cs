using System.Diagnostics;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Kills a node with SIGKILL at the Nth change of a file: a write, a flush, a renaming, a
/// deletion. A library that the node's process loads does so (<c>kill-at-step.c</c>), so the place
/// does not depend on the load of the machine.</summary>
public sealed class StepKills : IDisposable
{
    private const string Compiler = "/usr/bin/cc";

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-steps-").FullName;

    public StepKills()
    {
        using var compiling = Process.Start(
            Compiler,
            [
                "-shared",
                "-fPIC",
                "-o",
                Library,
                SourceTree.PathOf("tests/JobCloud.Chaos/kill-at-step.c"),
            ]
        );
        compiling.WaitForExit();
        if (compiling.ExitCode != 0)
            throw new InvalidOperationException("kill-at-step.c does not compile");
    }

    /// <summary>Whether this machine has a C compiler.</summary>
    public static bool IsHere => File.Exists(Compiler);

    /// <summary>The environment variables of the processes that can be killed.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string> { ["LD_PRELOAD"] = Library, ["CHAOS_STEPS"] = Control };

    /// <summary>Whether the next kill has not happened yet.</summary>
    public bool IsAhead => File.Exists(Control);

    /// <summary>Orders a kill.</summary>
    /// <param name="step">At which change from now on: 1 is the next.</param>
    /// <param name="below">A part of the path of the changed files.</param>
    public void Order(int step, string below)
    {
        File.WriteAllText($"{Control}.new", $"{step} {below}\n");
        File.Move($"{Control}.new", Control, overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Library => $"{_folder}/kill-at-step.so";
    private string Control => $"{_folder}/steps";
}
