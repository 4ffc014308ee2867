using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public sealed class NodeNamesTests
{
    [Fact]
    public void A_home_keeps_its_first_and_its_former_names()
    {
        var names = Of("lap1", "big", "lap2");

        Assert.Equal("lap2", names.Current);
        Assert.Equal(["big", "lap1"], names.Former);
        Assert.Equal("lap1", names.First);
        Assert.Equal(names, NodeNames.After(names, "lap2"));
    }

    [Fact]
    public void A_name_that_comes_back_is_former_no_more() =>
        Assert.Equal(["b"], Of("a", "b", "a").Former);

    [Fact]
    public void The_list_is_bounded_and_the_first_name_stays_in_it()
    {
        var names = Of([.. Enumerable.Range(0, 100).Select(i => $"n{i}")]);

        Assert.Equal(NodeNames.FormerMax, names.Former.Count);
        Assert.Equal("n0", names.First);
        Assert.Equal("n98", names.Former[0]);
    }

    [Fact]
    public void Printing_then_parsing_gives_the_same_names()
    {
        var names = Of("a", "b", "c");

        Assert.Equal(names, NodeNames.Parse($"{names}"));
        Assert.Null(NodeNames.Parse(""));
    }

    private static NodeNames Of(params string[] names) =>
        names.Aggregate((NodeNames?)null, NodeNames.After)!;
}
