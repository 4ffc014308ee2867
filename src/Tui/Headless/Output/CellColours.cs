using JobCloud.Protocol;

namespace JobCloud.Tui.Headless.Output;

/// <summary>A colour of a terminal; its number is that of "Select Graphic Rendition"
/// (ECMA-48).</summary>
internal enum CellColour
{
    Plain = 0,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}

/// <summary>The colours of statuses and states.</summary>
internal static class CellColours
{
    public static CellColour Of(Status status) =>
        status switch
        {
            Status.Done => CellColour.Green,
            Status.Error => CellColour.Red,
            Status.Killed or Status.Stalled => CellColour.Magenta,
            Status.Processing => CellColour.Cyan,
            Status.Queued or Status.Waiting => CellColour.Yellow,
            _ => CellColour.Plain,
        };

    /// <summary>The colour of a node's state.</summary>
    public static CellColour OfState(string state) =>
        state switch
        {
            "ready" => CellColour.Green,
            "draining" or "drained" => CellColour.Yellow,
            _ => CellColour.Red,
        };

    /// <summary>Whether a terminal is to show colours.</summary>
    /// <param name="variable">Reads a variable; null: unset.</param>
    public static bool AreShown(bool isTerminal, Func<string, string?> variable) =>
        isTerminal && variable("NO_COLOR") is null or "" && variable("TERM") is not "dumb";
}
