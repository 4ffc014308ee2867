using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>All commands, in the order of the help. The help, completion and suggestions use this
/// list.</summary>
internal static class CommandCatalog
{
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        Entry<ExecCommand>(),
        Entry<MapExecCommand>(),
        Entry<StatusCommand>(),
        Entry<JoinCommand>(),
        Entry<ResultCommand>(),
        Entry<InfoCommand>(),
        Entry<KillCommand>(),
        Entry<DeleteCommand>(),
        Entry<RetryCommand>(),
        Entry<PrioritizeCommand>(),
        Entry<WaitForCommand>(),
        Entry<SshCommand>(),
        Entry<ExecShellCommand>(),
        Entry<SshInfoCommand>(),
        Entry<SshConfigCommand>(),
        Entry<SshProxyCommand>(),
        Entry<LsCommand>(),
        Entry<LogsCommand>(),
        Entry<FilesCommand>(),
        Entry<ExplainCommand>(),
        Entry<EventsCommand>(),
        Entry<EnvCommand>(),
        Entry<VolumeCommand>(),
        Entry<NodesCommand>(),
        Entry<NodeCommand>(),
        Entry<TokenCommand>(),
        Entry<CaCommand>(),
        Entry<BatchCommand>(),
        Entry<TopCommand>(),
        Entry<ConfigCommand>(),
        Entry<CompletionCommand>(),
        Entry<HelpCommand>(),
    ];

    public static CommandEntry? Find(string name)
    {
        foreach (var entry in All)
            if (entry.Name == name)
                return entry;
        return null;
    }

    private static CommandEntry Entry<T>()
        where T : CloudCommand, IListedCommand, new() =>
        new(T.CommandName, T.Summary, static () => new T());
}
