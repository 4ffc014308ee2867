using JobCloud.Protocol.Scheduling.Policies;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Scheduling;

/// <summary>THE catalogue of policies. The first of each list is the default.</summary>
public static class PolicyCatalog
{
    public static IReadOnlyList<IJobOrder> Orders { get; } =
    [new FairShareOrder(), new FifoOrder()];

    public static IReadOnlyList<INodeChoice> Choices { get; } =
    [new SpreadChoice(), new PackChoice()];

    public static Parsed<IJobOrder> Order(string name) => Find(Orders, name, "order of jobs");

    public static Parsed<INodeChoice> Choice(string name) => Find(Choices, name, "choice of nodes");

    public static Parsed<SchedulingPolicy> Find(
        string order,
        string choice,
        SchedulingLimits limits
    )
    {
        var (found, chosen) = (Order(order), Choice(choice));
        if (!found.Ok)
            return found.Error;
        if (!chosen.Ok)
            return chosen.Error;
        return new SchedulingPolicy(found.Value, chosen.Value, limits);
    }

    private static Parsed<T> Find<T>(IReadOnlyList<T> policies, string name, string what)
        where T : ISchedulingPolicy
    {
        foreach (var policy in policies)
            if (policy.Name == name)
                return policy;
        var known = string.Join(
            ", ",
            policies.Select(policy => $"{policy.Name} ({policy.Summary})")
        );
        return new TextError(0, name.Length, $"unknown {what} \"{name}\"; use one of {known}");
    }
}
