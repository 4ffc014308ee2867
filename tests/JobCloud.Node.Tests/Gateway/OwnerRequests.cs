using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Requests of one call that name a job, or the reason that no request of the call
/// does.</summary>
/// <param name="Call">The name of the call.</param>
/// <param name="Of">Creates the requests about a job.</param>
/// <param name="Exempt">Why there are none.</param>
public sealed record OwnerRequests(
    string Call,
    Func<long, IReadOnlyList<CallRequest>> Of,
    string Exempt = ""
)
{
    /// <summary>A row for every call in the catalogue.</summary>
    public static IReadOnlyList<OwnerRequests> All { get; } =
    [
        Naming(
            nameof(CloudCalls.Submit),
            selection =>
                CloudCalls.Submit.With(
                    new()
                    {
                        Spec = new JobSpec { Command = "true", Cores = 1 },
                        Dependencies = selection,
                    }
                )
        ),
        Naming(
            nameof(CloudCalls.SubmitList),
            selection =>
                CloudCalls.SubmitList.With(
                    new()
                    {
                        Submissions =
                        {
                            new SubmitRequest
                            {
                                Spec = new JobSpec { Command = "true", Cores = 1 },
                            },
                            new SubmitRequest
                            {
                                Spec = new JobSpec { Command = "true", Cores = 1 },
                                Dependencies = selection,
                            },
                        },
                    }
                )
        ),
        Naming(nameof(CloudCalls.Status), jobs => CloudCalls.Status.With(new() { Jobs = jobs })),
        Naming(
            nameof(CloudCalls.Await),
            [
                .. Enum.GetValues<AwaitMode>()
                    .Select(mode =>
                        (Func<Selection, CallRequest>)(
                            jobs =>
                                CloudCalls.Await.With(
                                    new()
                                    {
                                        Jobs = jobs,
                                        Mode = mode,
                                        Status = Status.Queued,
                                        Port = 80,
                                    }
                                )
                        )
                    ),
            ]
        ),
        Naming(
            nameof(CloudCalls.Info),
            jobs => CloudCalls.Info.With(new() { Jobs = jobs }),
            jobs => CloudCalls.Info.With(new() { Jobs = jobs, Items = { "attributes", "pilog" } })
        ),
        Numbering(
            nameof(CloudCalls.Output),
            jid => CloudCalls.Output.With(new() { Jid = jid }),
            jid => CloudCalls.Output.With(new() { Jid = jid, Follow = true })
        ),
        Numbering(
            nameof(CloudCalls.Search),
            jid =>
                CloudCalls.Search.With(
                    new()
                    {
                        Output = new OutputRequest { Jid = jid },
                        Pattern = "a",
                        Texts = true,
                    }
                )
        ),
        Numbering(
            nameof(CloudCalls.Files),
            jid => CloudCalls.Files.With(new() { Jid = jid }),
            jid =>
                CloudCalls.Files.With(
                    new()
                    {
                        Jid = jid,
                        Attempt = 1,
                        Path = "f",
                    }
                )
        ),
        Naming(nameof(CloudCalls.Kill), jobs => CloudCalls.Kill.With(new() { Jobs = jobs })),
        Naming(nameof(CloudCalls.Delete), jobs => CloudCalls.Delete.With(new() { Jobs = jobs })),
        Without(nameof(CloudCalls.Purge), "purges only the caller's jobs: a test of its own"),
        Naming(nameof(CloudCalls.Retry), jobs => CloudCalls.Retry.With(new() { Jobs = jobs })),
        Naming(
            nameof(CloudCalls.Prioritize),
            jobs => CloudCalls.Prioritize.With(new() { Jobs = jobs, Priority = -9 })
        ),
        Numbering(nameof(CloudCalls.Explain), jid => CloudCalls.Explain.With(new() { Jid = jid })),
        Numbering(
            nameof(CloudCalls.Map),
            jid => CloudCalls.Map.With(new() { Jid = jid, Cells = 9 })
        ),
        Naming(
            nameof(CloudCalls.Events),
            jobs => CloudCalls.Events.With(new() { Jobs = jobs }),
            jobs => CloudCalls.Events.With(new() { Jobs = jobs, Follow = true })
        ),
        Numbering(
            nameof(CloudCalls.Terminal),
            jid => CloudCalls.Terminal.With(new() { Open = new OpenTerminal { Jid = jid } })
        ),
        Without(nameof(CloudCalls.List), "lists only the caller's jobs: a test of its own"),
        Numbering(
            nameof(CloudCalls.Forecast),
            jid => CloudCalls.Forecast.With(new() { Jid = jid })
        ),
        Without(nameof(CloudCalls.Activity), "counts the caller's jobs: ActivityHandlerTests"),
        Without(nameof(CloudCalls.FindBlobs), "tells what the caller has sent: BlobStoreTests"),
        Without(nameof(CloudCalls.PutBlob), "receives what the caller has"),
        Without(nameof(CloudCalls.Nodes), "shows nodes"),
        Without(nameof(CloudCalls.Drain), "changes nodes; for admins"),
        Without(nameof(CloudCalls.NodeStatus), "shows this node"),
        Without(nameof(CloudCalls.Config), "shows the settings; for admins"),
        Without(nameof(CloudCalls.Definitions), "shows environments and volumes"),
        Without(nameof(CloudCalls.Define), "checks the owner of a definition"),
        Without(nameof(CloudCalls.Undefine), "checks the owner of a definition"),
        Without(nameof(CloudCalls.Tokens), "shows tokens; for admins"),
        Without(nameof(CloudCalls.CreateToken), "changes tokens; for admins"),
        Without(nameof(CloudCalls.RevokeToken), "changes tokens; for admins"),
        Without(nameof(CloudCalls.Denials), "about certificates and nodes; for admins"),
        Without(nameof(CloudCalls.Deny), "about certificates and nodes; for admins"),
        Without(nameof(CloudCalls.Ticket), "identifies its caller"),
    ];

    private static OwnerRequests Naming(
        string call,
        params IReadOnlyList<Func<Selection, CallRequest>> requests
    ) =>
        new(
            call,
            jid =>
                [
                    .. requests.SelectMany(request =>
                        new[]
                        {
                            request(Selected(new() { Range = JidRanges.Range(jid, jid) })),
                            request(Selected(new() { MapOf = jid })),
                        }
                    ),
                ]
        );

    private static OwnerRequests Numbering(
        string call,
        params IReadOnlyList<Func<long, CallRequest>> requests
    ) => new(call, jid => [.. requests.Select(request => request(jid))]);

    private static OwnerRequests Without(string call, string why) => new(call, _ => [], why);

    private static Selection Selected(SelectionItem item) => new() { Items = { item } };
}
