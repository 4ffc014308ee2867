namespace JobCloud.Protocol.Execution;

/// <summary>One of the executor's own settings: its type, its default, and its field in the message
/// that the node sends to the executor.</summary>
/// <param name="Name">The key below <c>jobcloud.executor</c>.</param>
/// <param name="Description">Its description, one to three sentences.</param>
/// <param name="PutDefault">Sets it to its default.</param>
public abstract record ExecutorSetting(
    string Name,
    string Description,
    Action<ExecutorLimits> PutDefault
)
{
    public sealed record Count(
        string Name,
        string Why,
        int Default,
        int Minimum,
        int Maximum,
        Action<ExecutorLimits, int> Put
    ) : ExecutorSetting(Name, Why, limits => Put(limits, Default));

    /// <param name="Default">Bytes.</param>
    public sealed record Size(
        string Name,
        string Why,
        long Default,
        Action<ExecutorLimits, long> Put
    ) : ExecutorSetting(Name, Why, limits => Put(limits, Default));

    /// <param name="Default">Milliseconds.</param>
    public sealed record Duration(
        string Name,
        string Why,
        long Default,
        Action<ExecutorLimits, long> Put
    ) : ExecutorSetting(Name, Why, limits => Put(limits, Default));

    /// <param name="Names">The allowed values; the first is the default.</param>
    public sealed record Choice(
        string Name,
        string Why,
        IReadOnlyList<string> Names,
        Action<ExecutorLimits, string> Put
    ) : ExecutorSetting(Name, Why, limits => Put(limits, Names[0]));

    /// <param name="Expected">The valid values, for error messages.</param>
    /// <param name="TryPut">Sets it; false: the text is invalid.</param>
    public sealed record Checked(
        string Name,
        string Why,
        string Default,
        string Expected,
        Func<ExecutorLimits, string, bool> TryPut
    ) : ExecutorSetting(Name, Why, limits => TryPut(limits, Default));
}
