namespace JobCloud.Protocol.Forecasts;

/// <summary>Limits of the work of one forecast. What lies beyond is not told.</summary>
public sealed record ForecastLimits
{
    private const long Day = 24L * 3_600 * 1_000_000;

    /// <summary>Rounds of the scheduler.</summary>
    public int Rounds { get; init; } = 50_000;

    /// <summary>Rounds times what each examines: shapes and nodes.</summary>
    public long Work { get; init; } = 20_000_000;

    /// <summary>Bars, those that start first.</summary>
    public int Bars { get; init; } = 5_000;

    /// <summary>How far ahead it looks, in µs.</summary>
    public long Horizon { get; init; } = 366 * Day;

    /// <summary>Queued ranges of the scheduler, which are copied.</summary>
    public int Ranges { get; init; } = 20_000;

    /// <summary>Segments with active attempts, which are copied.</summary>
    public int Segments { get; init; } = 1_000;
}
