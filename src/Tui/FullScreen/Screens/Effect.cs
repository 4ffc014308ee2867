using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>An effect on the terminal, performed by the host.</summary>
internal abstract record Effect
{
    private Effect() { }

    public sealed record Quit : Effect;

    /// <summary>Stops the program until the shell continues it.</summary>
    public sealed record Suspend : Effect;

    /// <summary>Copies a text to the clipboard of the user's terminal.</summary>
    public sealed record Copy(string Text) : Effect
    {
        /// <summary>The maximum length in characters: terminals (tmux, foot) accept sequences of up
        /// to 100,000 bytes, in base 64.</summary>
        public const int MaxLength = 70_000;
    }

    /// <summary>Calls the user: the terminal rings, and shows the text if it can.</summary>
    public sealed record Notify(string Text) : Effect;

    /// <summary>Runs the headless command on the terminal until it exits.</summary>
    /// <param name="Waits">Whether the user reads its output before the UI returns.</param>
    public sealed record RunChild(IReadOnlyList<string> Arguments, bool Waits = false) : Effect;

    /// <summary>Turns the mouse on or off; off, clicks select text in the terminal.</summary>
    public sealed record Mouse(bool On) : Effect;

    /// <summary>Saves the user's preferences.</summary>
    public sealed record SavePreferences(Preferences Choices) : Effect;

    /// <summary>Rewrites every cell.</summary>
    public sealed record Redraw : Effect;
}
