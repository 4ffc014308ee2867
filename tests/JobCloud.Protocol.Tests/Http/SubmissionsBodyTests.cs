using System.Text;
using JobCloud.Protocol.Http;

namespace JobCloud.Protocol.Tests.Http;

public sealed class SubmissionsBodyTests
{
    [Fact]
    public void A_body_is_one_submission_or_a_list()
    {
        Assert.False(Read("""{"exec": "true"}""").Value!.IsList);
        var list = Read(
            """[{"exec": {"command": ["echo", "a b"]}}, {"mapexec": {"command": "x {1}", "map_data": {"1": ["a"]}}}]"""
        );
        Assert.Equal("", list.Error?.Message ?? "");
    }

    [Theory]
    [InlineData("", "The body is not valid JSON")]
    [InlineData("{", "The body is not valid JSON")]
    [InlineData("[]", "The list is empty")]
    [InlineData("""{"exec": "true"} {}""", "The body")]
    [InlineData("""[{"exec": "true"}, {"exec": {"cores": 0.5}}]""", "Submission 2: ")]
    [InlineData(
        """[{"exec": {"command": "x", "depends_on": "last"}}]""",
        "Submission 1: In a list"
    )]
    [InlineData(
        """[{"exec": {"command": "x", "dry_run": true}}]""",
        "Submission 1: A list takes no"
    )]
    [InlineData(
        """[{"exec": "x"}, {"exec": {"command": "x", "request_id": "a"}}]""",
        "Submission 2: A list has one request id"
    )]
    [InlineData("""[7]""", "Submission 1: Expected an object")]
    public void An_error_has_its_place(string body, string start) =>
        Assert.StartsWith(start, Read(body).Error?.Message);

    [Fact]
    public void A_list_has_at_most_a_thousand_submissions()
    {
        string List(int count) =>
            $"[{string.Join(',', Enumerable.Repeat("""{"exec": "true"}""", count))}]";
        Assert.Equal(1_000, Read(List(1_000)).Value!.Items.Count);
        Assert.StartsWith("The list has more than 1000", Read(List(1_001)).Error?.Message);
    }

    private static Protocol.Text.Parsed<SubmissionsBody> Read(string body) =>
        SubmissionsBody.Read(Encoding.UTF8.GetBytes(body));
}
