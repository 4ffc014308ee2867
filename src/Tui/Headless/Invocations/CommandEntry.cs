namespace JobCloud.Tui.Headless.Invocations;

/// <summary>An entry of the catalogue of commands.</summary>
/// <param name="Create">Creates the command with its options; only the invoked command is
/// created.</param>
internal sealed record CommandEntry(string Name, string Summary, Func<CloudCommand> Create);
