using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace JobCloud.EndToEnd.Tests.Pages;

/// <summary>Runs the commands of a page in one shell, in an empty directory, with a home of its
/// own.</summary>
internal sealed class PageRun(Cloud cloud)
{
    // A page takes seconds; this only ends one that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Not in the home: no sandbox shows what is there.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jc-page-");

    private string Notes => $"{cloud.Home}/notes";

    /// <summary>Differences from the page; empty: none.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(IReadOnlyList<PageCommand> commands)
    {
        Directory.CreateDirectory(Notes);
        var script = $"{cloud.Home}/page.sh";
        await File.WriteAllTextAsync(script, ScriptOf(commands));
        try
        {
            await BashAsync(script);
        }
        finally
        {
            _folder.Delete(recursive: true);
        }
        return [.. commands.SelectMany((command, i) => Differences(command, i))];
    }

    /// <summary>Each command runs in the one shell, so that variables and functions last; its
    /// output and exit code go to files.</summary>
    private string ScriptOf(IReadOnlyList<PageCommand> commands)
    {
        var script = new StringBuilder();
        for (var i = 0; i < commands.Count; i++)
        {
            script.Append($"{{ {commands[i].Text}\n");
            script.Append($"}} < /dev/null > {Notes}/{i}.out 2> {Notes}/{i}.err\n");
            script.Append($"echo $? > {Notes}/{i}.exit\n");
        }
        return script.ToString();
    }

    private async Task BashAsync(string script)
    {
        var start = new ProcessStartInfo("bash", [script])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
        };
        var variables = start.Environment;
        foreach (var name in variables.Keys.Where(name => name.StartsWith("JOBCLOUD")).ToList())
            variables.Remove(name);
        variables["JOBCLOUD_HOME"] = $"{cloud.Home}";
        variables["JOBCLOUD_PAGE"] = cloud.Home; // Cloud finds by it what a page leaves running.
        variables["PATH"] = $"{cloud.Programs}:{variables["PATH"]}:/usr/sbin:/sbin";
        using var bash = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var complaints = bash.StandardError.ReadToEndAsync(limit.Token);
        await bash.WaitForExitAsync(limit.Token);
        Assert.Equal("", await complaints);
    }

    private IEnumerable<string> Differences(PageCommand command, int number)
    {
        var at = $"line {command.Line}: {command.Text}\n";
        if (!File.Exists($"{Notes}/{number}.exit"))
        {
            yield return $"{at}  never finished";
            yield break;
        }
        var (exit, output, messages) = (Note("exit"), Note("out"), Note("err"));
        if (exit != $"{command.Exit}")
            yield return $"{at}  exit {exit}\n{output}\n{messages}";
        var shown = command.Exit == 0 ? output : Trimmed($"{output}\n{messages}");
        if (command.Output is { } claim && !IsAsClaimed(shown, claim))
            yield return $"{at}  prints\n{output}\n{messages}\n  and not\n{claim}";

        string Note(string kind) => Trimmed(File.ReadAllText($"{Notes}/{number}.{kind}"));
    }

    private static bool IsAsClaimed(string shown, string claim)
    {
        var pattern = Regex.Escape(Trimmed(claim)).Replace("…", ".*", StringComparison.Ordinal);
        return Regex.IsMatch(shown, $"^{pattern}$", RegexOptions.Singleline);
    }

    /// <summary>Without blanks at the ends of lines and empty lines around.</summary>
    private static string Trimmed(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).Trim('\n');
}
