using JobCloud.Protocol.Access;
using JobCloud.Protocol.PublicJson;
using static JobCloud.Protocol.Http.HttpParameter;

namespace JobCloud.Protocol.Http;

/// <summary>THE table of routes of the HTTP API. The router, the OpenAPI document, the reference
/// page and the tests derive from it.</summary>
public static class HttpRoutes
{
    /// <summary>Maximum number of submissions in one request.</summary>
    public const int SubmissionsMax = 1_000;

    /// <summary>The route of the document that describes the others.</summary>
    public const string OpenApi = "openApi";

    private static readonly HttpParameter Attempt = Number(
        "attempt",
        "the attempt; default: the newest",
        least: 1
    );

    private static readonly HttpParameter Timeout = Duration(
        "timeout",
        "the longest wait, such as 90s; default: no limit"
    );

    private static readonly HttpParameter Follow = Flag(
        "follow",
        "keep sending what is new; output ends with its job"
    );

    private static readonly HttpParameter Since = Instant(
        "since",
        "only what is newer than this time: 10m (ten minutes ago) or 2026-11-22T15:04"
    );

    public static IReadOnlyList<HttpRoute> All { get; } =
    [
        .. Jobs(),
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

    private static IEnumerable<HttpRoute> Jobs() =>
        [
            Post(
                "submitJobs",
                "/v1/jobs",
                CloudCalls.Submit,
                "Submits a job, a map or up to 1,000 of them."
            ) with
            {
                TakesSubmissions = true,
                Success = 201,
                Documents = [typeof(SubmittedDocument), typeof(SubmissionsDocument)],
            },
            Get(
                "listJobs",
                "/v1/jobs",
                CloudCalls.List,
                "Lists jobs, newest first; a map is one row."
            ) with
            {
                Query =
                [
                    Word("query", "a query, such as 'failed created>1d', or a jid list"),
                    Number("limit", "the number of rows; default: 50", least: 1),
                    Number(
                        "after",
                        "only jobs below this jid: the first jid of the last row",
                        least: 1
                    ),
                    Flag("expand", "a row for each job of a map"),
                    Flag("deleted", "the deleted jobs"),
                ],
                Documents = [typeof(ListDocument)],
            },
            Get(
                "jobStatus",
                "/v1/jobs/{jids}",
                CloudCalls.Status,
                "Shows the status of jobs; a map is one object."
            ) with
            {
                Query = [Flag("expand", "an object for each job of a map")],
                Documents = [typeof(StatusDocument)],
            },
            Get(
                "jobInfo",
                "/v1/jobs/{jids}/info",
                CloudCalls.Info,
                "Shows details of jobs, live while they run."
            ) with
            {
                Query = [Word("items", "comma-separated items, as of 'jobcloud info --help'")],
            },
            Get(
                "jobPorts",
                "/v1/jobs/{jids}/ports",
                CloudCalls.Info,
                "Shows the ports on which jobs listen."
            ),
            Get(
                "jobResults",
                "/v1/jobs/{jids}/results",
                CloudCalls.Await,
                "Waits for jobs and shows their results as text."
            ) with
            {
                Query = [Timeout, Flag("ignore_errors", "show failures in place of results")],
                Waits = true,
            },
            Get(
                "waitForJobs",
                "/v1/jobs/{jids}/wait",
                CloudCalls.Await,
                "Waits until jobs finish; refuses with bad-end if one is not done."
            ) with
            {
                Documents = [typeof(EmptyDocument)],
                Query = [Timeout, Flag("all", "wait for all jobs even if one fails")],
                Waits = true,
            },
            Events(
                "jobEvents",
                "/v1/jobs/{jids}/events",
                "Shows the history of jobs, newest last."
            ),
            Events("allEvents", "/v1/events", "Shows the history of all your jobs, newest last."),
            Get(
                "jobOutput",
                "/v1/jobs/{jid}/output/{stream}",
                CloudCalls.Output,
                $"Sends a stream of a job as it is: {string.Join(", ", OutputStreamNames.All)}."
            ) with
            {
                Query = [Follow, Number("tail", "only the last lines", least: 1), Since, Attempt],
                Answers = [MediaTypes.Bytes],
                Waits = true,
            },
            Get(
                "jobFiles",
                "/v1/jobs/{jid}/files",
                CloudCalls.Files,
                "Lists the job's own directory, or sends a file of it."
            ) with
            {
                Documents = [typeof(FilesDocument)],
                Query = [Word("path", "a file or directory beneath it"), Attempt],
                Answers = [MediaTypes.Json, MediaTypes.Bytes],
            },
            Get(
                "explainJob",
                "/v1/jobs/{jid}/explain",
                CloudCalls.Explain,
                "Explains why a job waits, for each node, or why it ended."
            ) with
            {
                Documents = [typeof(ExplainDocument)],
            },
            Post("killJobs", "/v1/jobs/{jids}/kill", CloudCalls.Kill, "Kills jobs.") with
            {
                Query = [Duration("grace", "the time from SIGTERM to SIGKILL")],
                Documents = [typeof(ChangeDocument)],
            },
            Post(
                "retryJobs",
                "/v1/jobs/{jids}/retry",
                CloudCalls.Retry,
                "Runs finished jobs again."
            ) with
            {
                Documents = [typeof(ChangeDocument)],
            },
            Post(
                "prioritizeJobs",
                "/v1/jobs/{jids}/prioritize",
                CloudCalls.Prioritize,
                "Changes the priority of unfinished jobs."
            ) with
            {
                Query =
                [
                    Number("priority", "the new priority; lower runs first", int.MinValue) with
                    {
                        IsRequired = true,
                    },
                ],
                Documents = [typeof(ChangeDocument)],
            },
            Delete(
                "deleteJobs",
                "/v1/jobs/{jids}",
                CloudCalls.Delete,
                "Deletes finished jobs."
            ) with
            {
                Documents = [typeof(ChangeDocument)],
            },
        ];

    private static HttpRoute Events(string id, string template, string summary) =>
        Get(id, template, CloudCalls.Events, summary) with
        {
            Query = [Follow, Number("tail", "only the last past events", least: 1), Since],
            Answers = [MediaTypes.Json, MediaTypes.Lines, MediaTypes.ServerEvents],
            Documents = [typeof(EventsDocument)],
            Waits = true,
        };

    private static IEnumerable<HttpRoute> Nodes() =>
        [
            Get("listNodes", "/v1/nodes", CloudCalls.Nodes, "Shows the nodes.") with
            {
                Documents = [typeof(NodesDocument)],
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
            Get("isAlive", "/healthz", null, "Answers as long as the node's process does.") with
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
