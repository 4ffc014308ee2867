namespace JobCloud.Protocol.Scheduling;

/// <summary>What all policies have: a name for the settings, and a sentence.</summary>
public interface ISchedulingPolicy
{
    string Name { get; }
    string Summary { get; }
}

/// <summary>Whose jobs come first among those of one priority.</summary>
public interface IJobOrder : ISchedulingPolicy
{
    /// <summary>The owner with the lowest goes first; grows, or stays, with the cores in
    /// use.</summary>
    long Share(long coresInUse);
}

/// <summary>Which of the nodes that have room gets a job.</summary>
public interface INodeChoice : ISchedulingPolicy
{
    /// <summary>The node with the highest is filled first.</summary>
    long Score(int coresFree, int cores);

    /// <summary>How many of `jobs` alike one of `nodes` with room gets at a time; at least
    /// one.</summary>
    int Portion(int jobs, int nodes);
}

/// <summary>All that a round goes by.</summary>
public sealed record SchedulingPolicy(IJobOrder Order, INodeChoice Choice, SchedulingLimits Limits)
{
    public static readonly SchedulingPolicy Default = new(
        PolicyCatalog.Orders[0],
        PolicyCatalog.Choices[0],
        new SchedulingLimits()
    );
}
