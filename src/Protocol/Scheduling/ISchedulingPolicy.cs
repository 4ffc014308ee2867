namespace JobCloud.Protocol.Scheduling;

/// <summary>A policy, with its name in the settings and a summary.</summary>
public interface ISchedulingPolicy
{
    string Name { get; }
    string Summary { get; }
}

/// <summary>The order of owners among jobs of equal priority.</summary>
public interface IJobOrder : ISchedulingPolicy
{
    /// <summary>The share of an owner; the lowest goes first. It never falls as the cores in use
    /// grow.</summary>
    long Share(long coresInUse);
}

/// <summary>The choice among nodes with free capacity.</summary>
public interface INodeChoice : ISchedulingPolicy
{
    /// <summary>The score of a node; the highest is filled first.</summary>
    long Score(int coresFree, int cores);

    /// <summary>The number of `jobs` equal jobs that one of `nodes` nodes gets at a time; at least
    /// one.</summary>
    int Portion(int jobs, int nodes);
}

/// <summary>The policies and limits of a round.</summary>
public sealed record SchedulingPolicy(IJobOrder Order, INodeChoice Choice, SchedulingLimits Limits)
{
    public static readonly SchedulingPolicy Default = new(
        PolicyCatalog.Orders[0],
        PolicyCatalog.Choices[0],
        new SchedulingLimits()
    );
}
