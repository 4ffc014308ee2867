using System.Diagnostics;
using Grpc.Core;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Connections;

/// <summary>How long a command waits for a node or a store that does not answer, and what it says
/// about that: once for each outage.</summary>
/// <param name="limit">How long a request waits for the node.</param>
/// <param name="waitLimit">The same for a command that waits for jobs; null: without limit.</param>
/// <param name="say">Tells the user why the command waits.</param>
internal sealed class Patience(TimeSpan limit, TimeSpan? waitLimit, Action<string> say)
{
    /// <summary>How long a request waits for the store. A database restarts within this time, and a
    /// script should soon learn of a longer outage.</summary>
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5);

    /// <summary>A node restarts within two or three seconds, mostly less.</summary>
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(1);

    private volatile bool _isWaiting;
    private volatile bool _isAccepted;
    private volatile bool _hasSaid;

    /// <summary>Raised when a call finds that the node or its store does not answer.</summary>
    public event Action? OutageBegan;

    /// <summary>From now on, the command waits for jobs: it survives any restart of its
    /// node.</summary>
    public void WaitForNode() => _isWaiting = true;

    /// <summary>True if the command waits for jobs.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>The same, for one who does not wait yet.</summary>
    public Patience Anew() => new(limit, waitLimit, say);

    /// <summary>Follows the outages of one call.</summary>
    public Outage NewOutage() => new(this);

    private TimeSpan LimitOf(CallFailure kind) =>
        kind == CallFailure.NoStore && !(_isWaiting && _isAccepted) ? Shorter(StoreLimit, limit)
        : _isWaiting ? waitLimit ?? TimeSpan.MaxValue
        : limit;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Say(CallFailure kind, string? why, TimeSpan outage)
    {
        if (_hasSaid || (kind == CallFailure.NoAnswer && outage < NoticeDelay))
            return;
        _hasSaid = true;
        var left = LimitOf(kind);
        var end = left == TimeSpan.MaxValue ? "" : $" for up to {left.TotalSeconds:0.###} s";
        say(
            why is not null ? $"{why} Trying again{end} …"
            : _isWaiting
                ? $"The node does not answer; waiting for it{end} … Ctrl-C stops this command, not the jobs."
            : $"The node does not answer; waiting for it{end} …"
        );
    }

    /// <summary>One call that is repeated until it gets an answer.</summary>
    internal sealed class Outage(Patience patience)
    {
        private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
        private long? _began;

        /// <summary>Pauses after a failed call; false: it must not be repeated.</summary>
        /// <param name="cancel">Ends the call.</param>
        public async Task<bool> PassesAsync(RpcException failure, CancellationToken cancel) =>
            !CallErrors.IsUntrusted(failure)
            && await PassesAsync(
                CallFailures.Of(failure),
                RefusalTrailer.Of(failure)?.Message,
                cancel
            );

        /// <param name="why">The sentence of the node; null: there is none.</param>
        public async Task<bool> PassesAsync(CallFailure kind, string? why, CancellationToken cancel)
        {
            if (kind == CallFailure.Final || cancel.IsCancellationRequested)
                return false;
            if (_began is null)
                patience.OutageBegan?.Invoke();
            _began ??= Stopwatch.GetTimestamp();
            var outage = Stopwatch.GetElapsedTime(_began.Value);
            if (outage >= patience.LimitOf(kind))
                return false;
            patience.Say(kind, why, outage);
            var pause = outage / 20;
            await Task.Delay(
                    pause < FirstPause ? FirstPause
                        : pause > LongestPause ? LongestPause
                        : pause,
                    cancel
                )
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return !cancel.IsCancellationRequested;
        }

        /// <summary>The call got an answer.</summary>
        public void End()
        {
            if (patience._isWaiting)
                patience._isAccepted = true;
            if (_began is null)
                return;
            _began = null;
            patience._hasSaid = false;
        }
    }
}
