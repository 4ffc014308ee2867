using JobCloud.Protocol.Http;

namespace JobCloud.Protocol.Tests.Http;

public sealed class MediaTypesTests
{
    private static readonly string[] Offered =
    [
        MediaTypes.Json,
        MediaTypes.Lines,
        MediaTypes.ServerEvents,
    ];

    [Theory]
    [InlineData(null, MediaTypes.Json)]
    [InlineData("*/*", MediaTypes.Json)]
    [InlineData("text/event-stream", MediaTypes.ServerEvents)]
    [InlineData("text/*", MediaTypes.ServerEvents)]
    [InlineData("application/json;q=0.1, application/x-ndjson;q=0.5", MediaTypes.Lines)]
    [InlineData("*/*;q=0.1, application/json;q=0", MediaTypes.Lines)]
    [InlineData("application/json;q=0", null)]
    [InlineData("image/png", null)]
    [InlineData(";;,,q=", null)]
    public void The_type_that_the_client_prefers_is_chosen(string? accept, string? chosen) =>
        Assert.Equal(chosen, MediaTypes.Choose(accept, Offered));

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=UTF-8", true)]
    [InlineData("application/json; charset=latin1", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("text/plain", false)]
    [InlineData(null, false)]
    public void Bodies_are_json_in_utf8(string? type, bool isJson) =>
        Assert.Equal(isJson, MediaTypes.IsJson(type));
}
