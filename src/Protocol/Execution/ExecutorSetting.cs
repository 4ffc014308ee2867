namespace JobCloud.Protocol.Execution;

/// <summary>One of the executor's own settings: how it is written, its default, and where it goes
/// in the message by which the node hands them on.</summary>
/// <param name="Name">Below <c>jobcloud.executor</c>.</param>
/// <param name="Why">What it is for, in a sentence or two.</param>
/// <param name="PutDefault">Sets it to its default.</param>
public abstract record ExecutorSetting(string Name, string Why, Action<ExecutorLimits> PutDefault)
{
    public sealed record Count(
        string Name,
        string Why,
        int Default,
        int Least,
        int Most,
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

    /// <param name="Names">What it may be; the first is the default.</param>
    public sealed record Choice(
        string Name,
        string Why,
        IReadOnlyList<string> Names,
        Action<ExecutorLimits, string> Put
    ) : ExecutorSetting(Name, Why, limits => Put(limits, Names[0]));

    /// <param name="Expected">For whoever wrote something else.</param>
    /// <param name="TryPut">False: the text is not what is expected.</param>
    public sealed record Checked(
        string Name,
        string Why,
        string Default,
        string Expected,
        Func<ExecutorLimits, string, bool> TryPut
    ) : ExecutorSetting(Name, Why, limits => TryPut(limits, Default));
}
