using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>All commands, in the order of the help. The help, completion and suggestions use this
/// list.</summary>
internal static class CommandCatalog
{
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        Entry<ExecCommand>(CommandGroup.Jobs),
        Entry<MapExecCommand>(CommandGroup.Jobs),
        Entry<ExecShellCommand>(CommandGroup.Jobs),
        Entry<BatchCommand>(CommandGroup.Jobs),
        Entry<LsCommand>(CommandGroup.Jobs),
        Entry<StatusCommand>(CommandGroup.Jobs),
        Entry<ExplainCommand>(CommandGroup.Jobs),
        Entry<ForecastCommand>(CommandGroup.Jobs),
        Entry<EventsCommand>(CommandGroup.Jobs),
        Entry<KillCommand>(CommandGroup.Jobs),
        Entry<DeleteCommand>(CommandGroup.Jobs),
        Entry<PurgeCommand>(CommandGroup.Jobs),
        Entry<RetryCommand>(CommandGroup.Jobs),
        Entry<PrioritizeCommand>(CommandGroup.Jobs),
        Entry<ResultCommand>(CommandGroup.Output),
        Entry<LogsCommand>(CommandGroup.Output),
        Entry<FilesCommand>(CommandGroup.Output),
        Entry<InfoCommand>(CommandGroup.Output),
        Entry<JoinCommand>(CommandGroup.Waiting),
        Entry<WaitForCommand>(CommandGroup.Waiting),
        Entry<SshCommand>(CommandGroup.Terminals),
        Entry<SshInfoCommand>(CommandGroup.Terminals),
        Entry<SshConfigCommand>(CommandGroup.Terminals),
        Entry<SshProxyCommand>(CommandGroup.Terminals),
        Entry<NodesCommand>(CommandGroup.Cloud),
        Entry<EnvCommand>(CommandGroup.Cloud),
        Entry<VolumeCommand>(CommandGroup.Cloud),
        Entry<TopCommand>(CommandGroup.Cloud),
        Entry<NodeCommand>(CommandGroup.Setup),
        Entry<StoreCommand>(CommandGroup.Setup),
        Entry<TokenCommand>(CommandGroup.Setup),
        Entry<CaCommand>(CommandGroup.Setup),
        Entry<ConfigCommand>(CommandGroup.Setup),
        Entry<CompletionCommand>(CommandGroup.Setup),
        Entry<CompleteCommand>(CommandGroup.Setup),
        Entry<HelpCommand>(CommandGroup.Setup),
    ];

    /// <summary>Aliases of commands, as users of other tools know them.</summary>
    public static IReadOnlyList<CommandAlias> Aliases { get; } =
    [
        new("run", "exec", "-f"),
        new("jobs", "ls"),
        new("cancel", "kill"),
        new("rm", "delete"),
        new("tail", "logs", "-f"),
        new("wait", "join"),
    ];

    /// <summary>The names of all commands and aliases.</summary>
    public static IEnumerable<string> Names =>
        All.Select(static entry => entry.Name).Concat(Aliases.Select(static alias => alias.Name));

    public static CommandEntry? Find(string name)
    {
        foreach (var entry in All)
            if (entry.Name == name)
                return entry;
        return null;
    }

    /// <summary>The arguments with the words that an alias stands for.</summary>
    /// <param name="at">The index of the command's name.</param>
    public static IReadOnlyList<string> WithoutAlias(IReadOnlyList<string> args, int at)
    {
        foreach (var alias in Aliases)
            if (at < args.Count && args[at] == alias.Name)
                return [.. args.Take(at), .. alias.Words, .. args.Skip(at + 1)];
        return args;
    }

    private static CommandEntry Entry<T>(CommandGroup group)
        where T : CloudCommand, IListedCommand, new() =>
        new(T.CommandName, T.Summary, group, static () => new T());
}
