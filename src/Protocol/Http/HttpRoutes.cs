using JobCloud.Protocol.Access;
using JobCloud.Protocol.PublicJson;
using static JobCloud.Protocol.Http.HttpParameter;

namespace JobCloud.Protocol.Http;

/// <summary>THE table of routes of the HTTP API. The router, the OpenAPI document, the reference
/// page and the tests derive from it.</summary>
public static partial class HttpRoutes
{
    /// <summary>The route of the document that describes the others.</summary>
    public const string OpenApi = "openApi";

    public static IReadOnlyList<HttpRoute> All { get; } =
    [
        .. Jobs(),
        .. Blobs(),
        .. Nodes(),
        .. Definitions("environments", "environment"),
        .. Definitions("volumes", "volume"),
        .. Tokens(),
        .. Service(),
    ];

    /// <summary>The routes whose path matches, with the values of its variable segments.</summary>
    public static IReadOnlyList<(HttpRoute Route, IReadOnlyDictionary<string, string> Values)> Find(
        IReadOnlyList<string> path
    )
    {
        var found = new List<(HttpRoute, IReadOnlyDictionary<string, string>)>();
        foreach (var route in All)
            if (route.Template.Match(path) is { } values)
                found.Add((route, values));
        return found;
    }

    private static IEnumerable<HttpRoute> Blobs() =>
        [
            New(
                "putBlob",
                "PUT",
                "/v1/blobs/{sha256}",
                CloudCalls.PutBlob,
                "Sends a file, which submissions may name by its hash; unused, it is kept for an hour."
            ) with
            {
                TakesBytes = true,
                Success = 201,
                Documents = [typeof(BlobDocument)],
            },
            New(
                "findBlob",
                "HEAD",
                "/v1/blobs/{sha256}",
                CloudCalls.FindBlobs,
                "Answers with 200 if the cloud has the file from you, else with 404."
            ) with
            {
                Documents = [typeof(EmptyDocument)],
            },
        ];

    private static IEnumerable<HttpRoute> Nodes() =>
        [
            Get("listNodes", "/v1/nodes", CloudCalls.Nodes, "Shows the nodes.") with
            {
                Documents = [typeof(NodesDocument)],
            },
            Get(
                "forecast",
                "/v1/forecast",
                CloudCalls.Forecast,
                "Tells when and where queued jobs are expected to start, and what that rests on."
            ) with
            {
                Documents = [typeof(ForecastDocument)],
            },
            Post(
                "drainNode",
                "/v1/nodes/{node}/drain",
                CloudCalls.Drain,
                "Stops assigning jobs to a node."
            ) with
            {
                Documents = [typeof(NodesDocument)],
                Query =
                [
                    Duration(
                        "deadline",
                        "stop jobs that still run after this, and run them elsewhere"
                    ),
                    Flag("force", "stop running jobs now, or at the deadline"),
                    Word("reason", "the reason that the list of nodes shows"),
                ],
            },
            Post(
                "undrainNode",
                "/v1/nodes/{node}/undrain",
                CloudCalls.Drain,
                "Assigns jobs to a node again."
            ) with
            {
                Documents = [typeof(NodesDocument)],
            },
            Get(
                "nodeStatus",
                "/v1/node",
                CloudCalls.NodeStatus,
                "Shows the node that answers."
            ) with
            {
                Documents = [typeof(NodeStatusDocument)],
            },
        ];

    private static IEnumerable<HttpRoute> Definitions(string plural, string kind)
    {
        var name = char.ToUpperInvariant(kind[0]) + kind[1..];
        var isVolume = kind == "volume";
        var list = isVolume ? typeof(VolumesDocument) : typeof(EnvironmentsDocument);
        var one = isVolume ? typeof(VolumeDocument) : typeof(EnvironmentDocument);
        HttpParameter[] body = isVolume
            ?
            [
                Word("directory", "the directory on the node") with
                {
                    IsRequired = true,
                },
                Word("mount_path", "the path where jobs see it") with
                {
                    IsRequired = true,
                },
                Flag("read_only", "whether jobs cannot write to it"),
            ]
            :
            [
                new("variables", ParameterKind.Pairs, "an object of variables"),
                new("path", ParameterKind.Texts, "directories put before PATH"),
                Word("setup", "a shell line that runs before each job"),
                Word("root", "a root file system"),
                Flag("read_only", "whether jobs cannot write to the root"),
            ];
        return
        [
            Get(
                $"list{name}s",
                $"/v1/{plural}",
                CloudCalls.Definitions,
                $"Lists the {plural}."
            ) with
            {
                Documents = [list],
            },
            Get(
                $"show{name}",
                $"/v1/{plural}/{{name}}",
                CloudCalls.Definitions,
                $"Shows one {kind}."
            ) with
            {
                Documents = [one],
            },
            New(
                $"put{name}",
                "PUT",
                $"/v1/{plural}/{{name}}",
                CloudCalls.Define,
                $"Creates or replaces one {kind}; submitted jobs keep what they have."
            ) with
            {
                Body = body,
                Documents = [one],
            },
            Delete(
                $"delete{name}",
                $"/v1/{plural}/{{name}}",
                CloudCalls.Undefine,
                $"Deletes one {kind}."
            ) with
            {
                Documents = [typeof(NameDocument)],
            },
        ];
    }

    private static IEnumerable<HttpRoute> Tokens() =>
        [
            Get(
                "listTokens",
                "/v1/tokens",
                CloudCalls.Tokens,
                "Lists the access tokens without their secrets."
            ) with
            {
                Documents = [typeof(TokensDocument)],
            },
            Post(
                "createToken",
                "/v1/tokens",
                CloudCalls.CreateToken,
                "Creates an access token; its secret is not shown again."
            ) with
            {
                Documents = [typeof(CreatedTokenDocument)],
                Success = 201,
                Body =
                [
                    Word("name", "the name of the token") with
                    {
                        IsRequired = true,
                    },
                    Word("role", "read-only, user or admin; default: user"),
                    Word("user", "the user that it acts as; default: its name"),
                    Word("run_as", "the account that its jobs run as"),
                    Duration("expires", "how long it is valid, such as 90d; default: no limit"),
                ],
            },
            Delete(
                "revokeToken",
                "/v1/tokens/{name}",
                CloudCalls.RevokeToken,
                "Revokes an access token."
            ) with
            {
                Documents = [typeof(NameDocument)],
            },
        ];

    private static IEnumerable<HttpRoute> Service() =>
        [
            Get(OpenApi, "/openapi.json", null, "Describes this API (OpenAPI 3.1)."),
            Get(
                "metrics",
                "/metrics",
                CloudCalls.NodeStatus,
                "The metrics of the node, in Prometheus' text format."
            ) with
            {
                Answers = [MediaTypes.Prometheus],
            },
            Get(
                "isAlive",
                "/healthz",
                null,
                "Answers with 200 while the node's process lives."
            ) with
            {
                Documents = [typeof(EmptyDocument)],
            },
            Get(
                "isReady",
                "/readyz",
                CloudCalls.NodeStatus,
                "Answers with 200 if the node is ready, else with 503."
            ) with
            {
                Documents = [typeof(EmptyDocument)],
            },
        ];

    private static HttpRoute Get(string id, string template, Call? call, string summary) =>
        New(id, "GET", template, call, summary);

    private static HttpRoute Post(string id, string template, Call? call, string summary) =>
        New(id, "POST", template, call, summary);

    private static HttpRoute Delete(string id, string template, Call? call, string summary) =>
        New(id, "DELETE", template, call, summary);

    private static HttpRoute New(
        string id,
        string method,
        string template,
        Call? call,
        string summary
    ) => new(id, method, new RouteTemplate(template), call, summary);
}
