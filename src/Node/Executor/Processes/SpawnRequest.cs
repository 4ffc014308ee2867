using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Processes;

/// <summary>A process to start. All paths are absolute except <paramref name="Program"/>, which may
/// be relative to <paramref name="Directory"/>.</summary>
/// <param name="Environment"><c>NAME=value</c> each.</param>
/// <param name="Stdin">Opened for reading.</param>
/// <param name="KeepOutput">Appends to the output files instead of truncating them.</param>
/// <param name="Note">A file that is truncated and opened as the process's descriptor 3; null:
/// none.</param>
/// <param name="Channels">The process's first three descriptors, replacing the files; null: use the
/// files.</param>
/// <param name="DirectoryFd">An open directory that replaces <paramref name="Directory"/>; 0:
/// none.</param>
/// <param name="VariablesFd">A descriptor that becomes
/// <see cref="AccountProgram.VariablesFd"/>; 0: none.</param>
/// <param name="ReportsFailure">Whether a start as another account is to report why the program did
/// not run; else it writes that to its stderr.</param>
/// <param name="FailureFd">A descriptor that becomes <see cref="AccountProgram.FailureFd"/>; 0:
/// none.</param>
/// <param name="FilterFd">A file that is opened anew as <see cref="SandboxShell.FilterFd"/>; 0:
/// none.</param>
/// <param name="ArgumentsFd">A descriptor that becomes <see cref="SandboxShell.VariablesFd"/>; 0:
/// none.</param>
/// <param name="EntryFd">A descriptor that becomes
/// <see cref="Protocol.Terminals.TerminalCommands.VariablesFd"/>; 0: none.</param>
/// <param name="IsConfined">Whether the program gets no new privileges, and the filter in
/// <paramref name="FilterFd"/>, before it runs: it enters a running sandbox.</param>
/// <param name="Share">What the process is to the kernel's OOM killer.</param>
internal readonly record struct SpawnRequest(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string Directory,
    string Stdin,
    string Stdout,
    string Stderr,
    bool KeepOutput = false,
    string? Note = null,
    Channels? Channels = null,
    int DirectoryFd = 0,
    int VariablesFd = 0,
    bool ReportsFailure = false,
    int FailureFd = 0,
    int FilterFd = 0,
    int ArgumentsFd = 0,
    int EntryFd = 0,
    bool IsConfined = false,
    OomShare Share = OomShare.Job
)
{
    /// <summary>The path at which a child can open a descriptor of this process again.</summary>
    public static string PathOf(int fd) => $"/proc/self/fd/{fd}";
}

/// <summary>The first three descriptors of a process.</summary>
/// <param name="Terminal">Path of a terminal that becomes all three and the controlling terminal;
/// null: use the descriptors.</param>
/// <param name="Stdin">Descriptor of this process; 0: use the request's file.</param>
internal readonly record struct Channels(
    string? Terminal = null,
    int Stdin = 0,
    int Stdout = 0,
    int Stderr = 0
);
