using System.Globalization;
using JobCloud.Protocol;

namespace JobCloud.Tui.Headless.Output;

/// <summary>A cell of a table.</summary>
/// <param name="Text">Empty: there is no value.</param>
internal readonly record struct TableCell(string Text)
{
    /// <summary>How a terminal shows it.</summary>
    public CellColour Colour { get; private init; }

    /// <summary>No value.</summary>
    public static TableCell None { get; } = new("");

    public static TableCell Of(string text) => new(text);

    public static TableCell Of(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The statuses of jobs.</summary>
    /// <param name="status">The one that decides the colour.</param>
    public static TableCell Status(string text, Status status) =>
        Of(text) with
        {
            Colour = CellColours.Of(status),
        };

    /// <summary>The state of a node.</summary>
    public static TableCell State(string text) =>
        Of(text) with
        {
            Colour = CellColours.OfState(text),
        };
}
