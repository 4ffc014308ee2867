using System.Globalization;

namespace JobCloud.Protocol.Notation;

/// <summary>The number that names a job in its cloud: 1 or more. The default value names no
/// job.</summary>
/// <remarks>A jid converts to a number by itself; a number converts to a jid only where code says
/// so.</remarks>
public readonly record struct Jid(long Value) : IComparable<Jid>
{
    public static implicit operator long(Jid jid) => jid.Value;

    public static Jid operator ++(Jid jid) => new(jid.Value + 1);

    public int CompareTo(Jid other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
