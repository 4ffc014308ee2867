using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>What a screen wants of the terminal; the host does it.</summary>
internal abstract record Effect
{
    private Effect() { }

    public sealed record Quit : Effect;

    /// <summary>Into the clipboard of the user's terminal.</summary>
    public sealed record Copy(string Text) : Effect
    {
        /// <summary>Characters: terminals take no longer sequence than 100,000 bytes (tmux, foot),
        /// in base 64.</summary>
        public const int Most = 70_000;
    }

    /// <summary>A program of JobCloud has the terminal until it ends.</summary>
    public sealed record RunChild(IReadOnlyList<string> Arguments) : Effect;

    /// <summary>Whether clicks come to JobCloud, or select text as the terminal does.</summary>
    public sealed record Mouse(bool On) : Effect;

    /// <summary>What the user chose is there the next time too.</summary>
    public sealed record Keep(Choices Choices) : Effect;

    /// <summary>Every cell is written again.</summary>
    public sealed record Redraw : Effect;
}
