namespace JobCloud.Tui.Headless.Help;

/// <summary>Values that only the cloud or the shell knows.</summary>
internal enum CompletionSource
{
    None,
    Jobs,
    Labels,
    Nodes,
    Environments,
    Volumes,

    /// <summary>The shell completes file names.</summary>
    Files,

    /// <summary>The shell completes programs and file names.</summary>
    Programs,
}

/// <summary>How the last word of a command line can be completed.</summary>
/// <param name="Words">Known words; they need not begin as the word does.</param>
/// <param name="Head">The part of the word that stays, such as the first items of a list.</param>
internal sealed record WordCompletion(
    IReadOnlyList<string> Words,
    CompletionSource Source = CompletionSource.None,
    string Head = ""
)
{
    public static WordCompletion Nothing { get; } = new([]);
}
