using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>The outcome of a request: a reply or a refusal.</summary>
internal readonly record struct Outcome<T>
    where T : class
{
    private Outcome(T? reply, Refusal? refusal) => (Reply, Refusal) = (reply, refusal);

    /// <summary>A reply of an interface type, which has no implicit conversion.</summary>
    public Outcome(T reply)
        : this(reply, null) { }

    public T? Reply { get; }
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Reply))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGranted => Refusal is null;

    public static implicit operator Outcome<T>(T reply) => new(reply, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}
