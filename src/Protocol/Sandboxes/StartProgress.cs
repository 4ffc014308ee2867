using System.Globalization;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>The progress of a job's start, as written by bubblewrap (<c>--info-fd</c>),
/// <see cref="SandboxShell"/> and <see cref="JobStartShell"/>.</summary>
/// <param name="Pid">The job's process in its sandbox; 0: none.</param>
/// <param name="Anchor">The process that keeps the job's pid namespace; 0: none.</param>
/// <param name="IsSetUp">Whether the setup line succeeded.</param>
/// <param name="IsReady">Whether the command was reached.</param>
public sealed record StartProgress(int Pid, int Anchor, bool IsSetUp, bool IsReady)
{
    private const string PidKey = "\"child-pid\":";
    private const string AnchorKey = "anchor";

    /// <summary>Parses it, even if it is incomplete.</summary>
    public static StartProgress Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        var (pid, anchor) = (0, 0);
        foreach (var line in lines)
        {
            // The setup line can write here too, but later.
            if (pid == 0 && line.StartsWith(PidKey, StringComparison.Ordinal))
                pid = Number(line[PidKey.Length..]);
            else if (anchor == 0 && line.StartsWith(AnchorKey, StringComparison.Ordinal))
                anchor = Number(line[AnchorKey.Length..]);
        }
        return new(pid, anchor, lines.Contains("setup"), lines.Contains("ready"));
    }

    private static int Number(string text) =>
        int.TryParse(
            text.TrimEnd(',').Trim(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    /// <summary>The reason why the command was not reached, as a sentence without a full
    /// stop; null: it was.</summary>
    /// <param name="entry">The steps before the job's command.</param>
    /// <param name="exit">The exit of its first process.</param>
    /// <param name="byBubblewrap">Whether bubblewrap itself ended.</param>
    /// <param name="complaint">The last line that bubblewrap wrote to stderr.</param>
    public string? Problem(StartPlan entry, Exit exit, bool byBubblewrap, string complaint)
    {
        if (IsReady)
            return null;
        var how =
            exit.Signal != 0
                ? string.Create(CultureInfo.InvariantCulture, $"signal {exit.Signal}")
                : string.Create(CultureInfo.InvariantCulture, $"exit {exit.Code}");
        if (byBubblewrap)
            return $"its sandbox cannot be created: {(complaint.Length > 0 ? complaint : how)}";
        if (entry.HasSetup && !IsSetUp)
            return $"the setup line of environment {entry.Environment} failed: {how}";
        return entry.Program.Contains('/', StringComparison.Ordinal)
            ? $"no such file: {entry.Program}"
            : $"no such program in PATH: {entry.Program}";
    }
}

/// <summary>The steps of a job's start before its command.</summary>
/// <param name="Environment">The name of its environment; empty: none.</param>
/// <param name="Program">The program that the command names.</param>
public sealed record StartPlan(string Environment, bool HasSetup, string Program);
