using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class MapExecCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Submit = request => new SubmitReply { First = 10, Last = 9 + request.Count };
    }

    /// <summary>The parameters of each job of the map, such as <c>a=1 b=x</c>.</summary>
    private async Task<List<string>> ElementsAsync(params string[] args)
    {
        var ran = await RunAsync(["mapexec", .. args]);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        var request = Cloud.The<SubmitRequest>();
        Assert.True(request.IsMap);
        Assert.Equal($"10-{9 + request.Count}\n", ran.Output);
        return
        [
            .. Enumerable
                .Range(0, (int)request.Count)
                .Select(i => MapColumns.Parameters(request.Columns, i))
                .Select(values => string.Join(' ', values.Select(p => $"{p.Name}={p.Value}"))),
        ];
    }

    [Fact]
    public async Task Lists_are_zipped()
    {
        Assert.Equal(
            ["a=1 b=x", "a=2 b=y,z"],
            await ElementsAsync("-n", "a=1,2", "-n", @"b=x,y\,z", "echo", "{a}{b}")
        );
    }

    [Fact]
    public async Task Copies_repeat_the_whole_list()
    {
        Assert.Equal(
            ["a=1", "a=2", "a=1", "a=2"],
            await ElementsAsync("-n", "a=1,2", "-k", "2", "echo", "{a}")
        );
    }

    [Fact]
    public async Task Copies_alone_make_a_map()
    {
        Assert.Equal(["", "", ""], await ElementsAsync("-k", "3", "true"));
    }

    [Fact]
    public async Task A_range_is_sent_without_its_elements()
    {
        var elements = await ElementsAsync("--range", "1-1000000:3", "echo", "{i}");

        Assert.Equal(333_334, elements.Count);
        Assert.Equal("i=4", elements[1]);
        Assert.True(Cloud.The<SubmitRequest>().CalculateSize() < 100);
    }

    [Fact]
    public async Task An_argument_file_has_one_value_per_line_and_relative_file_names()
    {
        WriteFile("deep/one.txt", "content");
        WriteFile("deep/args", " x \n\n@one.txt\n");

        var elements = await ElementsAsync("-N", "f=deep/args", "cat", "{f}");

        Assert.Equal(["f=x", "f=one.txt"], elements);
        var file = MapColumns.File(Cloud.The<SubmitRequest>().Columns[0], 1);
        Assert.Equal("content", file!.Value.Bytes!.ToStringUtf8());
    }

    [Fact]
    public async Task JSON_lines_set_all_parameters()
    {
        WriteFile("rows", """{"a": 1, "b": "x"}""" + "\n" + """{"a": 2, "b": "y"}""" + "\n");

        Assert.Equal(["a=1 b=x", "a=2 b=y"], await ElementsAsync("--json", "rows", "echo {a} {b}"));
    }

    [Fact]
    public async Task The_limits_are_sent_in_the_request()
    {
        await ElementsAsync("-k", "9", "--max-parallel", "4", "--max-fails", "2", "true");

        var spec = Cloud.The<SubmitRequest>().Spec;
        Assert.Equal((4, 2), (spec.MaxParallel, spec.MaxFails));
    }

    [Fact]
    public async Task The_first_and_last_jid_are_members_in_JSON()
    {
        Assert.Equal(
            """{"version":1,"first":10,"last":12,"count":3}""" + "\n",
            (await RunAsync("-o", "json", "mapexec", "-k", "3", "true")).Output
        );
    }

    [Theory]
    [InlineData("true")]
    [InlineData("-k", "1", "true")]
    [InlineData("-k", "0", "true")]
    [InlineData("-n", "a=1,2", "-n", "b=1", "echo {a}{b}")]
    [InlineData("-n", "a=1,2", "-n", "a=3,4", "echo {a}")]
    [InlineData("-n", "a=1,2", "-d", "a=3", "echo {a}")]
    [InlineData("-n", "a=1,2", "echo")]
    [InlineData("-n", "a=1,2", "echo {a} {b}")]
    [InlineData("-N", "a=no-such-file", "echo {a}")]
    [InlineData("--range", "9-1", "echo {i}")]
    [InlineData("--json", "no-such-file", "echo {i}")]
    public async Task Invalid_input_is_refused_without_a_request(params string[] args)
    {
        var ran = await RunAsync(["mapexec", .. args]);

        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.NotEmpty(ran.Error);
        Assert.False(Cloud.WasAsked);
    }
}
