using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Makes forecasts on copies of the scheduler's ledger, one after another, while the
/// scheduler goes on.</summary>
internal sealed class ForecastRunner
{
    /// <summary>Forecasts that run or wait.</summary>
    private const int Most = 4;

    private Task _last = Task.CompletedTask;
    private int _unfinished;

    public ForecastLimits Limits { get; } = new();

    /// <summary>Sends the forecast, or a refusal, when it is made.</summary>
    public void Run(
        Ledger ledger,
        SchedulingPolicy policy,
        long now,
        AskForecast request,
        IActorRef to
    )
    {
        if (Forecast.IsTooLarge(ledger, Limits))
        {
            to.Tell(Refusals.Of(RefusalCode.TooLarge, ForecastText.TooLarge));
            return;
        }
        if (Interlocked.Increment(ref _unfinished) > Most)
        {
            Interlocked.Decrement(ref _unfinished);
            to.Tell(
                Refusals.Of(RefusalCode.Busy, "The scheduler makes other forecasts; try again.")
            );
            return;
        }
        var forecast = new Forecast(ledger, policy, now, request, Limits);
        var made = AfterAsync(_last, forecast);
        _last = made;
        made.PipeTo(to);
    }

    private async Task<ForecastReply> AfterAsync(Task earlier, Forecast forecast)
    {
        await earlier.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding
        );
        try
        {
            return forecast.Run();
        }
        finally
        {
            Interlocked.Decrement(ref _unfinished);
        }
    }
}
