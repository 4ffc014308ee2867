namespace JobCloud.EndToEnd.Tests.Pages;

/// <summary>A command of a page, with what the page says of it.</summary>
/// <param name="Line">The number of its first line in the page.</param>
/// <param name="Exit">The exit code that the page names; 0 if it names none.</param>
/// <param name="Output">The output that the page shows; null if it shows none.</param>
internal sealed record PageCommand(int Line, string Text, int Exit, string? Output);
