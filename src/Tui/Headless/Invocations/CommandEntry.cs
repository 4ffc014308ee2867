namespace JobCloud.Tui.Headless.Invocations;

/// <summary>A command as the catalogue lists it.</summary>
/// <param name="Create">Builds it with its options; only the invoked command is built.</param>
internal sealed record CommandEntry(string Name, string Summary, Func<CloudCommand> Create);
