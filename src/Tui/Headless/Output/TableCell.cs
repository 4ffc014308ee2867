using System.Globalization;
using System.Text.Json;
using JobCloud.Protocol;

namespace JobCloud.Tui.Headless.Output;

/// <summary>A value in a table, with its text and its JSON value.</summary>
internal readonly record struct TableCell
{
    private TableCell(string text, double? number, bool absent) =>
        (Text, _number, _absent) = (text, number, absent);

    /// <summary>How a terminal shows it.</summary>
    public CellColour Colour { get; private init; }

    private readonly double? _number;
    private readonly bool _absent;

    public string Text { get; }

    /// <summary>No value: an empty text, or null in JSON.</summary>
    public static TableCell None { get; } = new("", null, true);

    public static TableCell Of(string text) => new(text, null, false);

    public static TableCell Of(long number) =>
        new(number.ToString(CultureInfo.InvariantCulture), number, false);

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

    /// <summary>A number that text output shows with a unit.</summary>
    public static TableCell Of(double number, string text) => new(text, number, false);

    /// <summary><see cref="None"/> for an empty text.</summary>
    public static TableCell OrNone(string text) => text.Length == 0 ? None : Of(text);

    public void Write(Utf8JsonWriter json)
    {
        if (_absent)
            json.WriteNullValue();
        else if (_number is not { } value)
            json.WriteStringValue(Text);
        else if (Math.Abs(value) < 1e15 && value == Math.Floor(value))
            json.WriteNumberValue((long)value);
        else
            json.WriteNumberValue(value);
    }
}
