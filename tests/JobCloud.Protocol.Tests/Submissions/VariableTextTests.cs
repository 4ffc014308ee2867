using Google.Protobuf;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Submissions;

public sealed class VariableTextTests
{
    private static readonly ScriptedSource Source = new(
        ("key", "s3cret\n"),
        ("two", "a\nb\n\n"),
        ("dos", "a\r\n"),
        ("bare", "a")
    )
    {
        Variables = new() { ["OWN"] = "mine" },
    };

    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A=@key", "s3cret")]
    [InlineData("A=@two", "a\nb\n")]
    [InlineData("A=@dos", "a")]
    [InlineData("A=@bare", "a")]
    [InlineData("A=@@key", "@key")]
    public void A_value_is_given_or_read_from_a_file(string text, string value) =>
        Assert.Equal(
            new Variable { Name = "A", Value = value },
            VariableText.Parse(text, Source).Value
        );

    [Fact]
    public void A_name_alone_takes_the_value_of_the_client() =>
        Assert.Equal(
            new Variable { Name = "OWN", Value = "mine" },
            VariableText.Parse("OWN", Source).Value
        );

    [Theory]
    [InlineData("", "'' is not of the form NAME=VALUE.")]
    [InlineData("=x", "'=x' is not of the form NAME=VALUE.")]
    [InlineData("GONE", "The variable 'GONE' is not set here; write GONE=VALUE.")]
    [InlineData("A=@gone", "The file gone of the variable 'A' cannot be read.")]
    public void Other_texts_are_refused(string text, string message) =>
        Assert.Equal(message, VariableText.Parse(text, Source).Error!.Message);

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused()
    {
        var binary = new BinarySource();
        Assert.Equal(
            "The file key of the variable 'A' is not UTF-8 text.",
            VariableText.Parse("A=@key", binary).Error!.Message
        );
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("@key")]
    [InlineData("@@key")]
    [InlineData("")]
    public void A_printed_variable_parses_to_itself(string value)
    {
        var variable = new Variable { Name = "A", Value = value };
        Assert.Equal(variable, VariableText.Parse(VariableText.Print(variable), Source).Value);
    }

    private sealed class BinarySource : ISubmissionSource
    {
        public ByteString? TryRead(string path, string? beside = null) =>
            ByteString.CopyFrom(0xff, 0xfe);

        public string Directory => "/";

        public string Absolute(string path) => path;

        public string? Variable(string name) => null;

        public IEnumerable<string> VariableNames => [];

        public SentContent? SendInput() => null;
    }

    [Fact]
    public void A_variable_of_the_client_that_is_not_UTF_8_is_refused()
    {
        var from = new ScriptedSource { Variables = { ["NAME"] = "caf\uFFFD" } };
        Assert.Equal(
            "The variable 'NAME' is not UTF-8 text.",
            VariableText.Parse("NAME", from).Error!.Message
        );
    }
}
