using System.Text.Json;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Http;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Http;

public sealed class HttpRoutesTests
{
    /// <summary>The calls without a route, and why.</summary>
    private static readonly Dictionary<string, string> Without = new()
    {
        [nameof(CloudCalls.Terminal)] = "a stream in both directions",
        [nameof(CloudCalls.Ticket)] = "for members of the cluster",
        [nameof(CloudCalls.Search)] = "the route of Output takes grep",
        [nameof(CloudCalls.Map)] = "for the screen of a map",
        [nameof(CloudCalls.Config)] = "about the machine of the node",
        [nameof(CloudCalls.Denials)] = "about certificates of the cluster",
        [nameof(CloudCalls.SubmitList)] = "the route of Submit takes lists",
        [nameof(CloudCalls.Deny)] = "about certificates of the cluster",
    };

    private static byte[] Schema =>
        File.ReadAllBytes(SourceTree.PathOf("src/Protocol/PublicJson/schema.json"));

    [Fact]
    public void Every_call_has_a_route_or_a_reason_to_have_none() =>
        Assert.Equal(
            CloudCalls.All.Select(call => call.Name).Order(),
            HttpRoutes
                .All.Select(route => route.Call?.Name)
                .OfType<string>()
                .Concat(Without.Keys)
                .Distinct()
                .Order()
        );

    [Fact]
    public void A_method_at_a_path_is_one_route_with_its_own_id()
    {
        var routes = HttpRoutes.All;
        Assert.Equal(routes.Count, routes.Select(route => route.ToString()).Distinct().Count());
        Assert.Equal(routes.Count, routes.Select(route => route.Id).Distinct().Count());
        foreach (var route in routes)
        {
            var path = RequestTarget.Parse(route.Template.Text.Replace('{', 'x')).Path;
            Assert.Single(HttpRoutes.Find(path), found => found.Route.Method == route.Method);
        }
    }

    [Fact]
    public void The_openapi_document_has_exactly_the_routes_with_their_parameters()
    {
        using var document = JsonDocument.Parse(OpenApiDocument.Write("1.2.3", Schema));
        var described = document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(operation =>
                        $"{operation.Name.ToUpperInvariant()} {path.Name}: "
                        + string.Join(
                            ',',
                            operation
                                .Value.GetProperty("parameters")
                                .EnumerateArray()
                                .Where(one => one.GetProperty("in").GetString() != "header")
                                .Select(one => one.GetProperty("name").GetString())
                        )
                    )
            );
        Assert.Equal(
            HttpRoutes
                .All.Select(route =>
                    $"{route}: "
                    + string.Join(
                        ',',
                        route.Template.Names.Concat(route.Query.Select(one => one.Name))
                    )
                )
                .Order(),
            described.Order()
        );
    }

    [Fact]
    public void Every_reference_in_the_openapi_document_has_a_schema()
    {
        using var document = JsonDocument.Parse(OpenApiDocument.Write("1.2.3", Schema));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        const string Path = "#/components/schemas/";
        foreach (var reference in ReferencesIn(document.RootElement))
        {
            Assert.StartsWith(Path, reference);
            Assert.True(schemas.TryGetProperty(reference[Path.Length..], out _), reference);
        }
    }

    private static IEnumerable<string> ReferencesIn(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().SelectMany(ReferencesIn);
        if (element.ValueKind != JsonValueKind.Object)
            return [];
        return element
            .EnumerateObject()
            .SelectMany(member =>
                member.Name == "$ref" && member.Value.ValueKind == JsonValueKind.String
                    ? [member.Value.GetString()!]
                    : ReferencesIn(member.Value)
            );
    }

    [Theory]
    [InlineData("/v1/jobs/3,7-9", "jids=3,7-9")]
    [InlineData("/v1/jobs/label:a%2Fb%20c", "jids=label:a/b c")]
    [InlineData("/v1/jobs/7/output/stdout", "jid=7 stream=stdout")]
    [InlineData("/v1/jobs/", null)]
    [InlineData("/v1/jobs//info", null)]
    [InlineData("/v1", null)]
    [InlineData("/", null)]
    public void A_path_is_decoded_segment_by_segment(string target, string? values)
    {
        var found = HttpRoutes.Find(RequestTarget.Parse(target).Path);
        Assert.Equal(
            values,
            found.Count == 0
                ? null
                : string.Join(' ', found[0].Values.Select(pair => $"{pair.Key}={pair.Value}"))
        );
    }

    [Theory]
    [InlineData("?follow&tail=3", "")]
    [InlineData(
        "?follow=maybe",
        "The query parameter 'follow': 'maybe' is neither true nor false."
    )]
    [InlineData(
        "?tail=0",
        "The query parameter 'tail': '0' is not a whole number from 1 to 2147483647."
    )]
    [InlineData("?folow", "Unknown query parameter 'folow': did you mean 'follow'?")]
    [InlineData("?tail=1&tail=2", "The query parameter 'tail' is given twice; give it once.")]
    public void Query_parameters_are_checked_against_the_route(string query, string error)
    {
        var target = RequestTarget.Parse($"/v1/jobs/7/output/stdout{query}");
        var route = HttpRoutes.Find(target.Path)[0].Route;
        Assert.Equal(error, target.Read(route, now: 0).Error?.Message ?? "");
    }

    [Fact]
    public void A_missing_parameter_that_is_required_is_named()
    {
        var target = RequestTarget.Parse("/v1/jobs/7/prioritize");
        var route = HttpRoutes.Find(target.Path)[0].Route;
        Assert.StartsWith(
            "Missing query parameter 'priority'",
            target.Read(route, now: 0).Error?.Message
        );
    }
}
