using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Model.Forecasts;

/// <summary>A time on the line of times.</summary>
internal readonly record struct ForecastMark(int Column, string Text);

/// <summary>The columns of a forecast. Instants are in µs.</summary>
/// <param name="Now">When it was made.</param>
/// <param name="LengthUs">The time from now to the right edge.</param>
/// <param name="NowColumn">The column of now; those before it show how long jobs have run.</param>
internal sealed record ForecastScale(long Now, long LengthUs, int Width, int NowColumn)
{
    private const long Minute = 60_000_000;
    private const long Day = 1_440 * Minute;

    // The share of the columns that is past, and the least width that has one.
    private const int PastShare = 8;
    private const int LeastWithPast = 40;

    private const int LeastBetweenMarks = 12;

    private static readonly long[] MinutesBetweenMarks =
    [
        1,
        5,
        15,
        30,
        60,
        3 * 60,
        6 * 60,
        12 * 60,
        1_440,
        2 * 1_440,
        7 * 1_440,
        14 * 1_440,
        56 * 1_440,
        112 * 1_440,
    ];

    public static ForecastScale Of(ForecastReply reply, ForecastPeriod period, int width)
    {
        var hasPast = width >= LeastWithPast && reply.Bars.Any(bar => bar.From < reply.At);
        return new(reply.At, period.LengthUs, width, hasPast ? width / PastShare : 0);
    }

    private double PerColumn => LengthUs / (double)Math.Max(1, Width - NowColumn);

    /// <summary>The column of an instant, which may lie beyond the edges by one at most.</summary>
    public int ColumnOf(long instant) =>
        (int)Math.Clamp(NowColumn + Math.Floor((instant - Now) / PerColumn), -1, Width);

    /// <summary>The instant at which a column begins.</summary>
    public long InstantAt(int column) => Now + (long)((column - NowColumn) * PerColumn);

    /// <summary>Times at even distances: of a day, or days.</summary>
    /// <param name="offset">The offset of the times from UTC.</param>
    public IEnumerable<ForecastMark> Marks(TimeSpan offset)
    {
        var least = PerColumn * LeastBetweenMarks;
        var step = Minute * MinutesBetweenMarks.FirstOrDefault(m => m * Minute >= least);
        if (step == 0)
            yield break;
        var shift = offset.ToMicroseconds();
        var first = (InstantAt(0) + shift) / step * step - shift;
        for (var at = first; ColumnOf(at) < Width; at += step)
            if (ColumnOf(at) >= 0)
                yield return new(ColumnOf(at), TextOf(at, step, offset));
    }

    private static string TextOf(long instant, long step, TimeSpan offset)
    {
        var local = Microseconds.ToInstant(instant).ToOffset(offset);
        var form = step >= Day || local.TimeOfDay == TimeSpan.Zero ? "MM-dd" : "HH:mm";
        return local.ToString(form, CultureInfo.InvariantCulture);
    }
}
