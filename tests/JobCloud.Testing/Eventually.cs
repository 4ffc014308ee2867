using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>Waits for conditions instead of fixed times.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when <paramref name="condition"/> holds; otherwise fails with
    /// <paramref name="what"/>.</summary>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        string what,
        TimeSpan? within = null
    )
    {
        var limit = within ?? TimeSpan.FromSeconds(60);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
                throw new TimeoutException($"not within {limit.TotalSeconds:F0} s: {what}");
            await Task.Delay(Pause);
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);
}
