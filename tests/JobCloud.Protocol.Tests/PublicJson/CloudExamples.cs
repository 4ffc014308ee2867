using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using static JobCloud.Protocol.Tests.PublicJson.PublicDocuments;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>Examples of the documents of nodes, definitions, tokens, settings and
/// certificates.</summary>
internal static class CloudExamples
{
    private static readonly Definition Environment = new()
    {
        Environment = new()
        {
            Name = "tex",
            Variables =
            {
                new Variable { Name = "A", Value = "1" },
            },
            Path = { "/opt/bin" },
            Setup = ". /x",
        },
        Owner = "ann",
        Created = At,
    };

    private static readonly Definition Volume = new()
    {
        Volume = new()
        {
            Name = "data",
            Directory = "/srv",
            MountPath = "/data",
            ReadOnly = true,
        },
        Fixed = true,
    };

    private static readonly NodeView Node = new()
    {
        Name = "n1",
        State = "draining",
        Address = "akka://n1",
        Version = "0.1.0",
        Since = At,
        Capacity = new() { Cores = 8, MemoryBytes = 1L << 40 },
        InUse = new() { Cores = 2, MemoryBytes = 1 },
        Processing = 2,
        Limits = "cgroup v2",
        Reason = "new disk",
        DrainedBy = "ann",
        DrainedSince = At,
        DrainStopsAt = At,
        Isolation = new() { NoPrivateNetwork = "not permitted" },
        Roles = { "control", "worker" },
        CertificateUntil = At,
    };

    private static readonly ForecastReply Forecast = new()
    {
        At = At,
        Queued = 2,
        Unforeseen = 1,
        UnknownQueued = 1,
        UnknownRunning = 1,
        Waiting = 1,
        Samples = 4,
        Cut = true,
        EmptyAt = At,
        EndsAt = At,
        Lacking = "too many",
        Jobs =
        {
            new ForecastJobs
            {
                First = 3,
                Last = 9,
                Jobs = 2,
                Unforeseen = 1,
                StartsFrom = At,
                StartsUntil = At,
                EndsAt = At,
                RuntimeUs = 1_500_000,
                Basis = RuntimeBasis.Map,
                Samples = 4,
                Label = "night",
                Command = "fit",
            },
        },
        Bars =
        {
            new ForecastBar
            {
                Node = "n1",
                First = 3,
                Last = 4,
                Jobs = 2,
                From = At,
                To = At,
                Running = true,
            },
            new ForecastBar
            {
                Node = "n1",
                Jobs = 1,
                From = At,
            },
        },
    };

    private static readonly Token Token = new()
    {
        Name = "t",
        User = "ann",
        Role = Role.User,
        Created = At,
        By = "root",
        Expires = At,
    };
    public static IReadOnlyList<(string Definition, Func<string> Json)> All { get; } =
    [
        Of(ForecastDocument.Of(new())),
        Of(ForecastDocument.Of(Forecast)),
        Of(
            NodesDocument.Of(
                new()
                {
                    Nodes =
                    {
                        Node,
                        new NodeView { Name = "n2", State = "lost" },
                    },
                }
            )
        ),
        Of(
            NodeStatusDocument.Of(
                new()
                {
                    Node = "n1",
                    Pid = 5,
                    ExecutorPid = 4,
                    Version = "0.1.0",
                    Started = At,
                    Store = "sqlite",
                    Address = "x",
                    Ready = true,
                    CertificateUntil = At,
                },
                "/home",
                At + 3_999_999
            )
        ),
        Of(DefinitionDocuments.Of(Environment)),
        Of(
            DefinitionDocuments.Of(DefinitionKind.Environment, new() { Definitions = { Hidden() } })
        ),
        Of(DefinitionDocuments.Of(Volume)),
        Of(DefinitionDocuments.Of(DefinitionKind.Volume, new() { Definitions = { Volume } })),
        Of(TokensDocument.Of(new() { Tokens = { Token } }, At + 1)),
        Of(
            CreatedTokenDocument.Of(
                new()
                {
                    Token = Token,
                    Secret = "s",
                    Note = "No account.",
                }
            )
        ),
        Of(
            DenialsDocument.Of(
                new()
                {
                    Denials =
                    {
                        new Denial
                        {
                            Subject = "n3",
                            By = "root",
                            Since = At,
                        },
                    },
                }
            )
        ),
        Of(
            SettingsDocument.Of(
                new()
                {
                    Entries =
                    {
                        new ConfigEntry
                        {
                            Key = "a.b",
                            Value = "1 s",
                            Origin = "default",
                        },
                    },
                }
            )
        ),
        Of(new CertificateDocument("/ca/n1", "n1", "2026-11-29T14:24:05.123456Z")),
        Of(
            new CertificatesDocument([
                new(
                    "n1",
                    "node",
                    ["n1", "::1"],
                    "2026-11-29T14:24:05.123456Z",
                    "2028-11-29T14:24:05.123456Z",
                    "0A",
                    "/ca/n1"
                ),
            ])
        ),
    ];

    private static Definition Hidden()
    {
        var hidden = Environment.Clone();
        hidden.ValuesHidden = true;
        return hidden;
    }
}
