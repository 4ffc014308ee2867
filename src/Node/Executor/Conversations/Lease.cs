namespace JobCloud.Node.Executor.Conversations;

/// <summary>How long the agent may be silent before its jobs must not live on. Times in ms.</summary>
internal sealed class Lease
{
    private long _fenceAfter;
    private long _heard;
    private bool _fenced;

    /// <summary>When it runs out; null: never, or it already has.</summary>
    public long? RunsOutAt => _fenceAfter > 0 && !_fenced ? _heard + _fenceAfter : null;

    public void Follow(long fenceAfterMs) => _fenceAfter = fenceAfterMs;

    /// <summary>The agent said something.</summary>
    public void Heard(long now) => (_heard, _fenced) = (now, false);

    /// <summary>Whether it has just run out; true only once until the agent is heard again.</summary>
    public bool HasRunOut(long now)
    {
        if (RunsOutAt is not { } at || now < at)
            return false;
        _fenced = true;
        return true;
    }
}
