using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class PolicyCatalogTests
{
    [Fact]
    public void Every_policy_is_found_by_its_name()
    {
        foreach (var order in PolicyCatalog.Orders)
            Assert.Same(order, PolicyCatalog.Order(order.Name).Value);
        foreach (var choice in PolicyCatalog.Choices)
            Assert.Same(choice, PolicyCatalog.Choice(choice.Name).Value);
    }

    [Fact]
    public void The_defaults_are_fair_share_and_spread()
    {
        var found = PolicyCatalog.Find("fair-share", "spread", new SchedulingLimits());
        Assert.Equal(SchedulingPolicy.Default, found.Value);
    }

    [Theory]
    [InlineData("lifo", "spread", "unknown order of jobs \"lifo\"; use one of fair-share (")]
    [InlineData("fifo", "round", "unknown choice of nodes \"round\"; use one of spread (")]
    public void An_error_lists_the_known_policies(string order, string choice, string message) =>
        Assert.StartsWith(
            message,
            PolicyCatalog.Find(order, choice, new SchedulingLimits()).Error!.Message
        );
}
