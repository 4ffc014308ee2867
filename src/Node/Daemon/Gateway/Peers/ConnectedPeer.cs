using JobCloud.Node.Daemon.Calls;

namespace JobCloud.Node.Daemon.Gateway.Peers;

/// <summary>The process at the other end of one connection. Its caller is found once.
/// Thread-safe.</summary>
internal sealed class ConnectedPeer
{
    private readonly Func<CancellationToken, Task<Outcome<Identity>>>? _find;
    private volatile Identity? _known;
    private readonly Outcome<Identity> _fixed;

    /// <summary>A peer whose caller, or refusal, is known at once.</summary>
    public ConnectedPeer(Outcome<Identity> known) => (_fixed, _known) = (known, known.Reply);

    /// <summary>The account of the process; empty: unknown.</summary>
    public string Account { get; init; } = "";

    /// <summary>Whether it is known at once that the caller is an admin.</summary>
    public bool IsAdmin => _find is null && _known is { IsAdmin: true };

    /// <summary>A peer whose caller must be asked for.</summary>
    public ConnectedPeer(Func<CancellationToken, Task<Outcome<Identity>>> find) => _find = find;

    /// <summary>The caller, or the refusal of this request.</summary>
    public ValueTask<Outcome<Identity>> IdentifyAsync(CancellationToken cancel) =>
        _known is { } known ? ValueTask.FromResult<Outcome<Identity>>(known)
        : _find is null ? ValueTask.FromResult(_fixed)
        : AskAsync(_find, cancel);

    private async ValueTask<Outcome<Identity>> AskAsync(
        Func<CancellationToken, Task<Outcome<Identity>>> find,
        CancellationToken cancel
    )
    {
        var outcome = await find(cancel);
        _known = outcome.Reply;
        return outcome;
    }
}
