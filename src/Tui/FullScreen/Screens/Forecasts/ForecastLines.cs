using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Model.Forecasts;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

/// <summary>Says what a forecast shows.</summary>
internal static class ForecastLines
{
    /// <summary>The jids of a bar; of other users' jobs, their number.</summary>
    public static string Jids(ForecastBar bar) =>
        bar.First > 0
            ? JidNotation.Print(JidRanges.Range(bar.First, bar.Last))
            : $"{Number(bar.Jobs)} of others";

    /// <summary>All that is known of a bar.</summary>
    /// <param name="time">Prints an instant.</param>
    public static string Of(ForecastBar bar, KnownForecast forecast, Func<long, string> time)
    {
        var name = forecast.NameOf(bar);
        var parts = new List<string>
        {
            name.Length > 0 ? $"{Jids(bar)} {name}" : Jids(bar),
            $"on {bar.Node}",
        };
        if (bar.Jobs > 1 && bar.First > 0)
            parts.Add($"{Number(bar.Jobs)} jobs");
        parts.Add($"{(bar.Running ? "since" : "from about")} {time(bar.From)}");
        parts.Add(bar.To > 0 ? $"until about {time(bar.To)}" : "until an unknown time");
        if (forecast.QueuedOf(bar) is { RuntimeUs: > 0 } jobs)
            parts.Add($"each {Ages.Print(jobs.RuntimeUs)}, from {ForecastText.Basis(jobs)}");
        return string.Join(" · ", parts);
    }

    /// <summary>When the queue is empty and what that rests on, in lines.</summary>
    public static List<string> Summary(ForecastReply reply, Func<long, string> time, int width)
    {
        var lines = Words(ForecastText.Summary(reply, time), width);
        if (ForecastText.Basis(reply) is { Length: > 0 } basis)
            lines.AddRange(Words(basis, width));
        return lines;
    }

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);

    private static List<string> Words(string text, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
            if (lines[^1].Length == 0)
                lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        return lines;
    }
}
