namespace JobCloud.Protocol.Traces;

/// <summary>When spans are sent again, as OTLP prescribes.</summary>
public static class SpanDelivery
{
    private const int Tries = 5;

    /// <summary>The longest wait that a collector may ask for.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    /// <summary>The time before the next try; null: there is none.</summary>
    /// <param name="tries">How often it was tried.</param>
    /// <param name="status">The status of HTTP; null: the collector could not be reached.</param>
    /// <param name="asked">The time that the collector asks for.</param>
    public static TimeSpan? NextTry(int tries, int? status, TimeSpan? asked = null) =>
        tries >= Tries || status is not (null or 429 or 502 or 503 or 504) ? null
        : asked is { } time && time > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(time.Ticks, WaitMax.Ticks))
        : TimeSpan.FromSeconds(1 << (tries - 1));
}
