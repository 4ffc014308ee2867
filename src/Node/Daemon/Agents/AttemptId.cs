using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Names one run of a job; as a value, so that it can be a key.</summary>
public readonly record struct AttemptId(long Jid, int Attempt)
{
    public static AttemptId Of(AttemptKey key) => new(key.Jid, key.Attempt);

    public AttemptKey ToKey() => new() { Jid = Jid, Attempt = Attempt };
}
