using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class MapColumnsTests
{
    [Property]
    public void A_slice_has_the_values_of_the_whole(MapColumn column, byte offset, byte extra)
    {
        var count = extra % 20 + 1;
        var slice = MapColumns.Slice([column], offset, count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(
                MapColumns.Parameters([column], offset + i),
                MapColumns.Parameters(slice, i)
            );
        }
    }

    [Property]
    public void A_slice_of_a_slice_is_a_slice(MapColumn column, byte first, byte second)
    {
        var twice = MapColumns.Slice(MapColumns.Slice([column], first, 300), second, 10);
        var once = MapColumns.Slice([column], first + second, 10);
        for (var i = 0; i < 10; i++)
            Assert.Equal(MapColumns.Parameters(once, i), MapColumns.Parameters(twice, i));
    }

    [Property]
    public void A_slice_keeps_only_the_values_it_needs(MapColumn column, byte offset)
    {
        var slice = MapColumns.Slice([column], offset, 3)[0];
        Assert.True(slice.List is null || slice.List.Values.Count <= 3);
        Assert.True(slice.List is null || slice.List.Files.Count <= slice.List.Values.Count);
    }

    [Fact]
    public void A_sequence_counts_by_its_step_and_repeats()
    {
        var column = MapSources.Range("x=10-1:-4").Value!;
        Assert.Equal(["10", "6", "2", "10"], Enumerable.Range(0, 4).Select(Value));

        string Value(int i) => MapColumns.Value(column, i);
    }
}
