using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Pulse;

/// <summary>A measure over a period.</summary>
/// <param name="Values">One for each sample or span, newest last; empty: not known yet.</param>
/// <param name="IsRate">Whether the values are jobs in a time, not jobs at one.</param>
/// <param name="Figure">The number for the whole period, or for now.</param>
/// <param name="Peak">The greatest value.</param>
internal sealed record PulseTile(
    string Title,
    Style Style,
    IReadOnlyList<double> Values,
    bool IsRate,
    string Figure,
    string Peak
)
{
    private static readonly (Measure Measure, string Title, Style Style, bool IsRate)[] Live =
    [
        (Measure.Processing, "processing", Ink.Processing, false),
        (Measure.Queued, "queued", Ink.Queued, false),
        (Measure.Waiting, "waiting", Ink.Waiting, false),
        (Measure.Started, "started /s", Ink.Accent, true),
        (Measure.Done, "done /s", Ink.Done, true),
        (Measure.Failed, "failed /s", Ink.Error, true),
    ];

    private static readonly (
        Func<ActivityReply, IReadOnlyList<long>> Of,
        string Title,
        Style Style,
        bool IsRate
    )[] Counted =
    [
        (reply => reply.Processing, "processing", Ink.Processing, false),
        (reply => reply.Unstarted, "waiting or queued", Ink.Queued, false),
        (reply => reply.Submitted, "submitted", Ink.Text, true),
        (reply => reply.Started, "started", Ink.Accent, true),
        (reply => reply.Done, "done", Ink.Done, true),
        (reply => reply.Failed, "failed", Ink.Error, true),
    ];

    public const int Number = 6;

    /// <summary>The measures as sampled.</summary>
    /// <param name="count">The samples of the period.</param>
    public static IReadOnlyList<PulseTile> Of(PulseView pulse, int count) =>
        [
            .. Live.Select(tile => new PulseTile(
                tile.Title,
                tile.Style,
                pulse[tile.Measure],
                tile.IsRate,
                Now(pulse, tile.Measure, tile.IsRate),
                $"peak {Print(Most(pulse[tile.Measure], count), tile.IsRate)}"
            )),
        ];

    /// <summary>The measures as the cloud counted them.</summary>
    /// <param name="reply">Null: it is not here yet.</param>
    public static IReadOnlyList<PulseTile> Of(ActivityReply? reply, PulsePeriod period) =>
        [
            .. Counted.Select(tile =>
            {
                double[] values = reply is null ? [] : [.. tile.Of(reply)];
                var peak = Print(Most(values, values.Length), isRate: false);
                return new PulseTile(
                    tile.Title,
                    tile.Style,
                    values,
                    tile.IsRate,
                    values.Length == 0
                        ? "-"
                        : Print(tile.IsRate ? values.Sum() : values[^1], isRate: false),
                    values.Length == 0 ? ""
                        : tile.IsRate ? $"peak {peak} {period.Unit}"
                        : $"peak {peak}"
                );
            }),
        ];

    /// <summary>What the tile has of the spans up to one: their sum, or the level at their
    /// end.</summary>
    public string At(int first, int last)
    {
        if (last >= Values.Count)
            return "";
        var number = IsRate ? Values.Skip(first).Take(last - first + 1).Sum() : Values[last];
        return Print(number, isRate: false);
    }

    private static double Most(IReadOnlyList<double> values, int count)
    {
        var peak = 0.0;
        for (var i = Math.Max(0, values.Count - count); i < values.Count; i++)
            peak = Math.Max(peak, values[i]);
        return peak;
    }

    // A rate is the mean of the last ten seconds, because jobs do not start evenly.
    private static string Now(PulseView pulse, Measure measure, bool isRate)
    {
        var samples = pulse[measure];
        if (samples.Count == 0)
            return "-";
        return Print(
            isRate ? pulse.Sum(measure, 10) / Math.Min(10, samples.Count) : samples[^1],
            isRate
        );
    }

    private static string Print(double number, bool isRate) =>
        number.ToString(isRate && number < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
