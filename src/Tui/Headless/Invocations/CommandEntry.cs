namespace JobCloud.Tui.Headless.Invocations;

/// <summary>An entry of the catalogue of commands.</summary>
/// <param name="Create">Creates the command with its options; only the invoked command is
/// created.</param>
internal sealed record CommandEntry(
    string Name,
    string Summary,
    CommandGroup Group,
    Func<CloudCommand> Create
);

/// <summary>The groups of commands in the help, in this order.</summary>
internal enum CommandGroup
{
    Jobs,
    Output,
    Waiting,
    Terminals,
    Cloud,
    Setup,
}

/// <summary>Another word for a command.</summary>
/// <param name="Words">The command, with the options that the alias implies.</param>
internal sealed record CommandAlias(string Name, params string[] Words);
