using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Attempts;

/// <summary>One numbered run of a job.</summary>
public readonly record struct AttemptId(long Jid, int Number)
{
    public static AttemptId Of(AttemptKey key) => new(key.Jid, key.Attempt);

    public AttemptKey ToKey() => new() { Jid = Jid, Attempt = Number };

    /// <summary>The name of its files.</summary>
    public override string ToString() => $"{Jid}.{Number}";
}
