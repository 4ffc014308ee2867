using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class MapSourcesTests
{
    private static readonly SentContent Content = SentContent.Of(
        ByteString.CopyFromUtf8("content")
    );

    [Property]
    public void Any_text_parses_to_values_or_an_error_within_it(Scrap scrap)
    {
        Check(MapSources.Values(scrap.Text));
        Check(MapSources.Range(scrap.Text));
        Check(MapSources.Data(scrap.Text, _ => null));
        Check(MapSources.Data(scrap.Text, _ => Content));
        Check(JsonRows.Parse(scrap.Text));

        void Check<T>(Parsed<T> parsed)
        {
            if (!parsed.Ok)
                Spans.AreWithin(scrap.Text, parsed.Error);
        }
    }

    [Property]
    public void Values_with_escaped_commas_round_trip(NonEmptyArray<Scrap> scraps)
    {
        // A backslash before a separating comma would escape it: there is no way to write one.
        var values = scraps.Get.Select(s => s.Text.Replace("\\", "") + ".").ToList();
        var text = "x=" + string.Join(',', values.Select(v => v.Replace(",", @"\,")));
        Assert.Equal(values, MapSources.Values(text).Value!.List.Values);
    }

    [Theory]
    [InlineData("x=1,2,3", new[] { "1", "2", "3" })]
    [InlineData(@"x=a\,b,c", new[] { "a,b", "c" })]
    [InlineData("x=1,,2", new[] { "1", "", "2" })]
    [InlineData("x=1,2,", new[] { "1", "2" })]
    [InlineData(@"x=a\b", new[] { @"a\b" })]
    public void Map_values_are_split_at_commas(string text, string[] values) =>
        Assert.Equal(values, MapSources.Values(text).Value!.List.Values);

    [Theory]
    [InlineData("x", "has no '='")]
    [InlineData("=1", "'' is not a valid parameter name")]
    [InlineData("a b=1", "'a b' is not a valid parameter name")]
    [InlineData("x=", "'x' has no value")]
    public void An_invalid_binding_is_an_error(string text, string message) =>
        Assert.Contains(message, MapSources.Values(text).Error!.Message);

    [Fact]
    public void Lines_of_a_file_are_trimmed_and_blank_lines_skipped() =>
        Assert.Equal(["a b", "c"], MapSources.Lines("x", "  a b \r\n\n \t\nc").Value!.List.Values);

    [Theory]
    [InlineData("1-3", new[] { "1", "2", "3" })]
    [InlineData("i=1-10:4", new[] { "1", "5", "9" })]
    [InlineData("-2-0", new[] { "-2", "-1", "0" })]
    [InlineData("3-1:-1", new[] { "3", "2", "1" })]
    public void A_range_counts_inclusively(string text, string[] values)
    {
        var column = MapSources.Range(text).Value!;
        Assert.Equal("i", column.Name);
        Assert.Equal(values.Length, MapColumns.Length(column));
        Assert.Equal(values, values.Select((_, i) => MapColumns.Value(column, i)));
    }

    [Theory]
    [InlineData("3-1")]
    [InlineData("1-3:0")]
    [InlineData("1-3:-1")]
    [InlineData("1")]
    [InlineData("a-b")]
    [InlineData("1-3:")]
    [InlineData("-9223372036854775808-9223372036854775807")]
    public void An_empty_or_invalid_range_is_an_error(string text) =>
        Assert.False(MapSources.Range(text).Ok);

    [Fact]
    public void A_file_value_becomes_its_base_name_and_sends_the_file()
    {
        var column = MapSources.WithFiles(MapSources.Values("x=a,@d/f.txt").Value!, _ => Content);
        Assert.Equal(["a", "f.txt"], column.Value!.List.Values);
        Assert.Null(MapColumns.File(column.Value, 0));
        Assert.Equal(Content, MapColumns.File(column.Value, 1));
        Assert.Equal("f.txt", MapSources.Data("x=@d/f.txt", _ => Content).Value!.Value);
    }

    [Fact]
    public void An_error_names_an_unreadable_file() =>
        Assert.Contains("'d/f'", MapSources.Data("x=@d/f", _ => null).Error!.Message);

    [Fact]
    public void Json_lines_become_columns()
    {
        var text = "{\"a\": \"x\", \"b\": 1.50}\n\n{\"b\": true, \"a\": \"\"}\n";
        var columns = JsonRows.Parse(text).Value!;
        Assert.Equal(["a", "b"], columns.Select(c => c.Name));
        Assert.Equal(["x", ""], columns[0].List.Values);
        Assert.Equal(["1.50", "true"], columns[1].List.Values);
    }

    [Theory]
    [InlineData("", "No JSON objects")]
    [InlineData("{\"a\":1}\n[1]", "Line 2 is not a JSON object")]
    [InlineData("{\"a\":1}\n{", "Line 2 is not JSON")]
    [InlineData("{\"a\":1}\n{\"b\":1}", "Line 2 has the key 'b', which the first line lacks")]
    [InlineData("{\"a\":1,\"b\":2}\n{\"b\":1}", "Line 2 lacks the key 'a'")]
    [InlineData("{\"a\":1,\"a\":2}", "Line 1 has the key 'a' twice")]
    [InlineData("{\"a\":null}", "Line 1 has a value at 'a' that is not text")]
    [InlineData("{\"a b\":1}", "'a b'")]
    [InlineData("{}", "Line 1 has no keys")]
    public void An_error_names_the_invalid_JSON_line(string text, string message) =>
        Assert.Contains(message, JsonRows.Parse(text).Error!.Message);

    [Fact]
    public void Columns_are_zipped_and_copied()
    {
        var columns = new[] { MapSources.Values("x=a,b").Value!, MapSources.Range("y=1-2").Value! };
        Assert.Equal(6, MapPlan.Zip(columns, 3).Value!.Count);
        Assert.Equal(5, MapPlan.Zip([], 5).Value!.Count);
    }

    [Fact]
    public void An_error_names_columns_of_unequal_length()
    {
        var columns = new[] { MapSources.Values("x=a,b").Value!, MapSources.Range("y=1-3").Value! };
        Assert.Contains("'x' has 2 and 'y' has 3", MapPlan.Zip(columns).Error!.Message);
    }

    [Fact]
    public void A_map_requires_values_or_copies_and_each_parameter_once()
    {
        var x = MapSources.Values("x=a,b").Value!;
        Assert.Contains("'x' is given twice", MapPlan.Zip([x, x]).Error!.Message);
        Assert.False(MapPlan.Zip([]).Ok);
        Assert.False(MapPlan.Zip([x], 0).Ok);
    }
}
