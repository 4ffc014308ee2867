namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The node ended while it started, or did not finish: its process ends too, and its
/// executor starts it again.</summary>
internal sealed class StartInterruptedException(string message) : Exception(message);

/// <summary>Ends a start that cannot finish.</summary>
internal static class StartLimit
{
    /// <param name="ended">Completes when the actor system has ended: what waits for one of its
    /// actors would wait for ever.</param>
    /// <exception cref="StartInterruptedException">The system ended first, or the time is
    /// up.</exception>
    public static async Task WithinAsync(
        Task starting,
        Task ended,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timeIsUp = Task.Delay(limit, clock, timer.Token);
        var first = await Task.WhenAny(starting, ended, timeIsUp);
        await timer.CancelAsync();
        if (first == starting)
            await starting;
        cancel.ThrowIfCancellationRequested();
        if (first == ended)
            throw new StartInterruptedException(
                "The node was removed from its cloud while it started. It ends and starts again."
            );
        if (first == timeIsUp)
            throw new StartInterruptedException(
                $"The node did not finish its start within {limit.TotalSeconds:F0} s. It ends and "
                    + "starts again; if that repeats, check the store and the other nodes."
            );
    }
}
