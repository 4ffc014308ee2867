using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;

namespace JobCloud.Protocol.Tests.Forecasts;

public sealed class KnownRuntimesTests
{
    private static readonly JobRow Map = Row(1, 9, "ann", "night", "fit {n}");

    [Fact]
    public void A_runtime_comes_from_the_map_then_the_label_then_the_command()
    {
        var known = new KnownRuntimes();
        known.Add(Row(20, 20, "ann", "", "fit {n}"), 1);
        Assert.Equal((RuntimeBasis.Command, 1), Told(known));
        known.Add(Row(21, 21, "ann", "night", "other"), 2);
        Assert.Equal((RuntimeBasis.Label, 2), Told(known));
        known.Add(Map, 3);
        Assert.Equal((RuntimeBasis.Map, 3), Told(known));
    }

    [Fact]
    public void Jobs_of_another_owner_tell_nothing()
    {
        var known = new KnownRuntimes();
        known.Add(Row(20, 20, "bob", "night", "fit {n}"), 1);
        Assert.Equal((RuntimeBasis.Unknown, 0), Told(known));
    }

    [Property]
    public void The_median_has_as_many_runtimes_below_as_above(PositiveInt[] runtimes)
    {
        var known = new KnownRuntimes();
        foreach (var runtime in runtimes)
            known.Add(Map, runtime.Get);
        var median = known.Of(Map).Median;
        Assert.Equal(runtimes.Length == 0, median == 0);
        Assert.True(runtimes.Count(runtime => runtime.Get < median) <= runtimes.Length / 2);
        Assert.True(runtimes.Count(runtime => runtime.Get > median) <= runtimes.Length / 2);
    }

    [Property]
    public void The_remaining_time_comes_from_jobs_that_ran_longer(
        PositiveInt[] runtimes,
        NonNegativeInt elapsed
    )
    {
        var known = new KnownRuntimes();
        foreach (var runtime in runtimes)
            known.Add(Map, runtime.Get);
        var longer = new KnownRuntimes();
        foreach (var runtime in runtimes.Where(runtime => runtime.Get > elapsed.Get))
            longer.Add(Map, runtime.Get);
        var expected = longer.Of(Map).Median;
        Assert.Equal(
            expected == 0 ? 0 : expected - elapsed.Get,
            known.Of(Map).Remaining(elapsed.Get)
        );
    }

    private static (RuntimeBasis, long) Told(KnownRuntimes known) =>
        (known.Of(Map).Basis, known.Of(Map).Median);

    private static JobRow Row(long first, long last, string owner, string label, string command) =>
        new()
        {
            First = first,
            Last = last,
            Owner = owner,
            Label = label,
            Command = command,
        };
}
