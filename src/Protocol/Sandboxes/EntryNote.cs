using System.Globalization;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>How far the start of a job came: what bubblewrap (<c>--info-fd</c>) and
/// <see cref="JobEntry"/> wrote.</summary>
/// <param name="Pid">Of the job's process in its sandbox; 0: there is none.</param>
/// <param name="IsSetUp">The setup line did not fail.</param>
/// <param name="IsReady">The command was reached.</param>
public sealed record EntryNote(int Pid, bool IsSetUp, bool IsReady)
{
    private const string PidKey = "\"child-pid\":";

    /// <summary>Reads it; of a torn note, as much as is there.</summary>
    public static EntryNote Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        var pid = 0;
        foreach (var line in lines)
        {
            if (line.StartsWith(PidKey, StringComparison.Ordinal))
                _ = int.TryParse(
                    line[PidKey.Length..].TrimEnd(',').Trim(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out pid
                );
        }
        return new(pid, lines.Contains("setup"), lines.Contains("ready"));
    }

    /// <summary>Why the command was not reached, in a sentence without its stop; null: it
    /// was.</summary>
    /// <param name="entry">What the job was to go through.</param>
    /// <param name="exit">How its first process ended.</param>
    /// <param name="byBubblewrap">It was bubblewrap that ended.</param>
    /// <param name="complaint">The last that it wrote to stderr.</param>
    public string? Trouble(EntryPlan entry, Exit exit, bool byBubblewrap, string complaint)
    {
        if (IsReady)
            return null;
        var how =
            exit.Signal != 0
                ? string.Create(CultureInfo.InvariantCulture, $"signal {exit.Signal}")
                : string.Create(CultureInfo.InvariantCulture, $"exit {exit.Code}");
        if (byBubblewrap)
            return $"its sandbox cannot be made: {(complaint.Length > 0 ? complaint : how)}";
        if (entry.HasSetup && !IsSetUp)
            return $"the setup line of environment {entry.Environment} failed: {how}";
        return entry.Program.Contains('/', StringComparison.Ordinal)
            ? $"no such file: {entry.Program}"
            : $"no such program in PATH: {entry.Program}";
    }
}

/// <summary>What a job goes through before its command.</summary>
/// <param name="Environment">Its name; empty: none.</param>
/// <param name="Program">What the command names.</param>
public sealed record EntryPlan(string Environment, bool HasSetup, string Program);
