using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.PublicJson;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class SubmissionReaderTests
{
    private static readonly SubmissionReader Remote = new(RemoteSource.Instance, null);

    private static Parsed<SubmitRequest> Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var parsed = Remote.ReadRequest(ref reader);
        Assert.False(reader.Read(), "the reader is not at the end of the object");
        return parsed;
    }

    [Theory]
    [InlineData("""{"exec": "echo hi"}""", "echo hi", false)]
    [InlineData("""{"exec": {"command": "echo hi"}}""", "echo hi", false)]
    [InlineData("""{"exec": {"command": ["echo", "a b"]}}""", "echo 'a b'", true)]
    public void A_command_is_a_shell_line_or_a_list_of_words(string json, string line, bool argv)
    {
        var spec = Read(json).Value!.Spec;
        Assert.Equal((line, argv), (spec.Command, spec.Argv));
    }

    [Fact]
    public void A_map_counts_its_jobs()
    {
        var map = Read("""{"mapexec": {"command": "echo {i}", "range": "1-10", "cores": 2}}""");
        Assert.Equal((10, true, 2), (map.Value!.Count, map.Value.IsMap, map.Value.Spec.Cores));
    }

    [Theory]
    [InlineData("""{"exec": {"command": "x", "cores": 0}}""", "cores: ", "0}")]
    [InlineData("""{"exec": {"command": "x", "cores": {"a": [1]}}}""", "cores: expected", "{\"a")]
    [InlineData("""{"exec": {"command": "x", "vol": [{}]}}""", "vol: expected", "[{}]")]
    [InlineData("""{"exec": {"command": "x", "os_env": 1}}""", "os_env: expected", "1}")]
    [InlineData("""{"exec": {"command": "x", "os_env": {"A": {}}}}""", "os_env: 'A': e", "{\"A")]
    [InlineData("""{"exec": {"command": "x", "colour": "red"}}""", "colour: unknown", "\"red\"")]
    [InlineData(
        """{"exec": {"command": "x", "label": "a", "label": "b"}}""",
        "label: given",
        "\"b\""
    )]
    [InlineData(
        """{"exec": {"command": "x", "label": "\ud800"}}""",
        "label: it contains",
        "\"\\ud"
    )]
    [InlineData("""{"exec": {"command": "x", "stdin": "f"}}""", "stdin: the file f", "\"f\"")]
    [InlineData("""{"exec": {"command": {"a": 1}}}""", "command: expected", "{\"a")]
    [InlineData("""{"exec": 5}""", "Missing command", "5}")]
    [InlineData("""{"exec": "a", "mapexec": "b"}""", "'mapexec' is a second", "\"b\"")]
    [InlineData("""{"kill": [7]}""", "Unknown member 'kill'", "[7]")]
    [InlineData("[1, [2]]", "Expected an object", "[1")]
    public void An_error_names_the_member_and_the_place(string json, string message, string at)
    {
        var error = Read(json).Error!;
        Assert.StartsWith(message, error.Message);
        Assert.Equal(json.IndexOf(at, StringComparison.Ordinal), error.At);
    }

    [Property]
    public void Any_object_of_scraps_is_read_to_its_end(Scrap name, Scrap value)
    {
        var json = JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["exec"] = new Dictionary<string, object>
                {
                    ["command"] = value.Text,
                    [name.Text] = new object[] { value.Text, 1, true },
                },
            }
        );
        Read(json);
    }

    [Fact]
    public void A_content_stands_for_a_file()
    {
        var hash = new string('a', 64);
        var one = Read(
            $$"""
            {
              "exec": {
                "command": "x {f}",
                "stdin": { "text": "é" },
                "data": { "f": { "sha256": "{{hash}}", "size": 5, "name": "f.bin" }, "n": 3 }
              }
            }
            """
        ).Value!;
        Assert.Equal("é", one.Spec.Stdin.ToStringUtf8());
        Assert.Equal(("f", "f.bin", 5), Facts(one.Spec.Data[0]));
        Assert.Equal(("n", "3"), (one.Spec.Data[1].Name, one.Spec.Data[1].Value));
        Assert.False(one.Spec.Data[1].HasFile);

        var map = Read(
            """{"mapexec": {"command": "x {f}", "map_data": {"f": [{"base64": "AAE="}, "b", {"text": "", "name": "c"}]}}}"""
        ).Value!;
        var list = map.Columns.Single().List;
        Assert.Equal(["f", "b", "c"], list.Values);
        Assert.Equal([0, 2], list.Files.Select(file => file.Index));
        Assert.Equal((byte[])[0, 1], list.Files[0].Content.ToByteArray());

        static (string, string, long) Facts(Parameter data) =>
            (data.Name, data.Value, data.Blob.Size);
    }

    [Theory]
    [InlineData(
        """{"exec": {"command": "x", "stdin": {}}}""",
        "stdin: The file's content is incomplete"
    )]
    [InlineData(
        """{"exec": {"command": "x", "stdin": {"text": "a", "base64": ""}}}""",
        "stdin: The file's content is incomplete or given in two forms"
    )]
    [InlineData(
        """{"exec": {"command": "x", "stdin": {"text": "a", "name": "n"}}}""",
        "stdin: standard input has no name"
    )]
    [InlineData(
        """{"exec": {"command": "x", "stdin": {"sha256": "12", "size": 1}}}""",
        "stdin: 'sha256' is not a member of a file's content, or has an invalid value"
    )]
    [InlineData(
        """{"exec": {"command": "x", "stdin": {"base64": "?"}}}""",
        "stdin: 'base64' is not a member of a file's content, or has an invalid value"
    )]
    [InlineData(
        """{"exec": {"command": "x", "data": {"a b": {"text": ""}}}}""",
        "data: 'a b' is not a valid parameter name"
    )]
    [InlineData(
        """{"mapexec": {"command": "x", "map_data": {"f": [{"text": 1}]}}}""",
        "map_data: 'f': 'text' is not a member of a file's content, or has an invalid value"
    )]
    [InlineData("""{"exec": {"command": "x", "label": {"text": ""}}}""", "label: expected")]
    public void A_content_that_does_not_fit_is_refused(string json, string message) =>
        Assert.StartsWith(message, Read(json).Error!.Message);

    [Fact]
    public void Numbers_in_pieces_are_read()
    {
        var json = """{"exec": {"command": "x", "priority": 12345}}"""u8.ToArray();
        var cut = json.AsSpan().IndexOf("345"u8);
        var first = new Piece(json.AsMemory(0, cut));
        var last = first.Then(json.AsMemory(cut));
        var reader = new Utf8JsonReader(
            new ReadOnlySequence<byte>(first, 0, last, json.Length - cut)
        );
        reader.Read();
        Assert.Equal(12345, Remote.ReadRequest(ref reader).Value!.Spec.Priority);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
