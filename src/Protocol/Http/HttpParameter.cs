namespace JobCloud.Protocol.Http;

/// <summary>What the text of a query parameter is.</summary>
public enum ParameterKind
{
    Text,

    /// <summary>Given without a value, or <c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A whole number of at least <see cref="HttpParameter.Least"/>.</summary>
    Number,

    /// <summary>Such as <c>90s</c>; a bare number is in seconds.</summary>
    Duration,

    /// <summary>An instant, or a duration before now.</summary>
    Instant,

    /// <summary>A list of texts; only in a body.</summary>
    Texts,

    /// <summary>An object of texts, as <c>NAME=VALUE</c>; only in a body.</summary>
    Pairs,
}

/// <summary>A query parameter of a route, or a member of the object in its body.</summary>
/// <param name="Help">A phrase that continues the name.</param>
public sealed record HttpParameter(string Name, ParameterKind Kind, string Help)
{
    public bool IsRequired { get; init; }

    /// <summary>The least value of a number.</summary>
    public long Least { get; init; }

    /// <summary>The largest value of a number.</summary>
    public long Most { get; init; } = int.MaxValue;

    public static HttpParameter Word(string name, string help) =>
        new(name, ParameterKind.Text, help);

    public static HttpParameter Flag(string name, string help) =>
        new(name, ParameterKind.Flag, help);

    public static HttpParameter Number(string name, string help, long least) =>
        new(name, ParameterKind.Number, help) { Least = least };

    public static HttpParameter Duration(string name, string help) =>
        new(name, ParameterKind.Duration, help);

    public static HttpParameter Instant(string name, string help) =>
        new(name, ParameterKind.Instant, help);
}
