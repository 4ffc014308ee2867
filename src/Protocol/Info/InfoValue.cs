namespace JobCloud.Protocol.Info;

/// <summary>The typed value of an info item.</summary>
public abstract record InfoValue
{
    private InfoValue() { }

    public sealed record Text(string Value) : InfoValue;

    public sealed record Number(long Value) : InfoValue;

    public sealed record Bytes(long Value) : InfoValue;

    public sealed record Seconds(double Value) : InfoValue;

    /// <summary>An instant in µs since 1970-01-01T00:00Z.</summary>
    public sealed record Instant(long Micros) : InfoValue;

    public sealed record Flag(bool Value) : InfoValue;

    public sealed record List(IReadOnlyList<InfoValue> Values) : InfoValue;

    public sealed record Object(IReadOnlyList<KeyValuePair<string, InfoValue>> Members) : InfoValue;

    /// <summary>No value; <paramref name="Why"/> is a sentence without a full stop.</summary>
    public sealed record Absent(string Why) : InfoValue;
}
