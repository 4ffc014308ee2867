using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Forecasts;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

/// <summary>Asks for the forecast, at once and then again while it is shown.</summary>
internal sealed class ForecastLoader(MainWindow window)
{
    // The pause between requests, and its ratio to the time that the last answer took.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int PauseRatio = 20;

    private TimeSpan _next;
    private bool _asking;
    private bool _changed;

    /// <summary>The newest forecast; null: there is none yet.</summary>
    public KnownForecast? Forecast { get; private set; }

    /// <summary>Why the last request was refused; empty: it was not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Asks if that is due; returns whether something changed.</summary>
    public bool Tick()
    {
        var isWanted = window is { Past: null, IsStale: false, Frozen: false };
        if (isWanted && !_asking && window.Elapsed >= _next)
        {
            _asking = true;
            _ = AskAsync();
        }
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private async Task AskAsync()
    {
        try
        {
            var asked = window.Elapsed;
            var call = CloudCalls.Forecast.With(new());
            var answer = await window.Cloud.AskAsync(call, window.Life).ConfigureAwait(false);
            window.Post(() =>
            {
                (_asking, _changed) = (false, true);
                var pause = (window.Elapsed - asked) * PauseRatio;
                _next = window.Elapsed + (pause > Pause ? pause : Pause);
                Error = answer.Refusal?.Message ?? "";
                if (answer.Message is { } reply)
                    Forecast = new KnownForecast(reply, RowsOf(reply));
            });
        }
        catch (OperationCanceledException) { }
    }

    private IReadOnlyList<JobRow> RowsOf(ForecastReply reply) =>
        window.Follower.Rows(
            reply.Bars.Where(bar => bar.First > 0).Select(bar => bar.First).Distinct()
        );
}
