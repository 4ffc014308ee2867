using JobCloud.Protocol.Http;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

/// <summary>The reference page of the HTTP API is the table of its routes.</summary>
public sealed class HttpPageTests
{
    private const string Start = """
        # HTTP API

        Generated from the table of routes. [The guide](../http.md) shows how to use them, and
        `GET /openapi.json` describes them for programs.


        """;

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_http_api_is_its_table_of_routes()
    {
        var routes = MarkdownTable.Of(
            ["route", "does", "parameters", "answers with", "least role"],
            HttpRoutes.All.Select(Row)
        );

        GeneratedPage.Holds("docs/reference/http.md", Start + routes);
    }

    private static string[] Row(HttpRoute route) =>
        [
            $"`{route}`",
            route.Summary,
            string.Join("; ", route.Query.Concat(route.Body).Select(Parameter)),
            $"{route.Success}: {string.Join(", ", route.Answers)}",
            route.Call is { } call ? RoleOf(call) : "any",
        ];

    private static string Parameter(HttpParameter parameter) =>
        $"`{parameter.Name}`{(parameter.IsRequired ? " (required)" : "")}: {parameter.Help}";

    private static string RoleOf(Protocol.Access.Call call) =>
        Protocol.Access.RoleNames.Of(call.MinimumRole);
}
