using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Attempts;

/// <summary>One numbered run of a job.</summary>
public readonly record struct AttemptId(Jid Jid, int Number)
{
    /// <summary>From the fields of a message.</summary>
    public AttemptId(long jid, int number)
        : this(new Jid(jid), number) { }

    public static AttemptId Of(AttemptKey key) => new(key.Jid, key.Attempt);

    public AttemptKey ToKey() => new() { Jid = Jid, Attempt = Number };

    /// <summary>The name of its files.</summary>
    public override string ToString() => $"{Jid}.{Number}";
}
