namespace JobCloud.Protocol.Homes;

/// <summary>What a name in a home stands for.</summary>
public enum RunFileKind
{
    File,
    Folder,
    Socket,
}

/// <summary>One of the files that the programs of a home leave to their successors.</summary>
/// <param name="MaxBytes">A larger file is rubbish.</param>
public sealed record RunFile(string Path, RunFileKind Kind, long MaxBytes = 0)
{
    /// <summary>Room for a pid or an ID.</summary>
    private const long LineBytes = 256;

    private const long SettingsBytes = 1 << 20;

    /// <summary>The record is rewritten at a few MiB; the ends of a million attempts fit.</summary>
    private const long RecordBytes = 1 << 30;

    /// <summary>THE catalogue of these files. A node can do without any of them: the next start
    /// sets aside what is not as expected.</summary>
    public static IReadOnlyList<RunFile> Of(HomePaths home) =>
        [
            new(home.ExecutorLock, RunFileKind.File, LineBytes),
            new(home.NodeLock, RunFileKind.File, LineBytes),
            new(home.Identity, RunFileKind.File, LineBytes),
            new(home.NodeNames, RunFileKind.File, SettingsBytes),
            new(home.ExecutorLimits, RunFileKind.File, SettingsBytes),
            new(home.Cgroups, RunFileKind.File, SettingsBytes),
            new(home.AttemptRecord, RunFileKind.File, RecordBytes),
            new($"{home.AttemptRecord}{NewSuffix}", RunFileKind.File, RecordBytes),
            new(home.Spare, RunFileKind.Folder),
            new(home.Python, RunFileKind.Folder),
            new(home.PythonModule, RunFileKind.File, SettingsBytes),
            new(home.GatewaySocket, RunFileKind.Socket),
            new(home.ExecutorSocket, RunFileKind.Socket),
            new(home.TerminalSocket, RunFileKind.Socket),
            new(home.SyslogSocket, RunFileKind.Socket),
            new(home.NodeLog, RunFileKind.File, long.MaxValue),
            new($"{home.NodeLog}{OldSuffix}", RunFileKind.File, long.MaxValue),
            new(home.ExecutorLog, RunFileKind.File, long.MaxValue),
            new($"{home.ExecutorLog}{OldSuffix}", RunFileKind.File, long.MaxValue),
        ];

    /// <summary>Follows the name of a file that is being written.</summary>
    public const string NewSuffix = ".new";

    /// <summary>Follows the name of a log that was replaced.</summary>
    public const string OldSuffix = ".1";
}
