using System.Buffers;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.PublicJson;
using static JobCloud.Protocol.Tests.PublicJson.PublicDocuments;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>Examples of the documents of jobs.</summary>
internal static class JobExamples
{
    private static readonly JobEvent Started = new()
    {
        Jid = 7,
        Count = 3,
        At = At,
        Assigned = new() { Attempt = 1, Node = "n1" },
    };

    private static readonly JobDetail Job = new()
    {
        Jid = 7,
        Status = Status.Done,
        Stdout = "a\u202Eb\n",
        Created = At,
        Queued = At,
        Started = At,
        Finished = At + 1_500_000,
        Attempt = 1,
        Exit = new() { ResultBytes = 5 },
        Usage = new() { MemoryMaxBytes = Huge, CpuUserUs = 1 },
        Command = "echo",
        Spec = new() { Command = "echo" },
        Partial =
        {
            new Absence { Item = "stdout", Why = "its start was dropped" },
        },
    };
    public static IReadOnlyList<(string Definition, Func<string> Json)> All { get; } =
    [
        Of(SubmittedDocument.Of(new(), new() { First = Huge, Last = Huge })),
        Of(SubmittedDocument.Of(new() { IsMap = true }, new() { First = 2, Last = 11 })),
        Of(
            SubmittedDocument.Of(
                new() { DryRun = true, Count = 3 },
                new() { NoNode = "no node has 99 cores" }
            )
        ),
        Of(
            SubmissionsDocument.Of([
                (new(), new() { First = 1, Last = 1 }),
                (new() { IsMap = true }, new() { First = 2, Last = 3 }),
            ])
        ),
        Of(StatusDocument.Of(new StatusReply { Runs = { Run(3, 2, Status.Done) } })),
        Of(
            StatusDocument.Of(
                new StatusReply
                {
                    Rows = { Row(1, 1, false, 0, 0, 1), Row(10, 209, true, 0, 0, 0, 0, 199, 1) },
                }
            )
        ),
        Of(ListDocument.Of(Listed(), At + 2_000_000)),
        Of(ListDocument.Of(Listed(), At + 9_000_000, asOf: At + 2_000_000)),
        Of(
            ActivityDocument.Of(
                new()
                {
                    From = At,
                    SpanUs = 60_000_000,
                    Submitted = { 2, 0 },
                    Started = { 1, 1 },
                    Done = { 0, 1 },
                    Failed = { 0, 1 },
                    Processing = { 1, 0 },
                    Unstarted = { 1, 0 },
                    CountedFrom = 2_000,
                    Unread = 5,
                }
            )
        ),
        Of(
            ChangeDocument.Of(
                new()
                {
                    Selected = 3,
                    Changed = 2,
                    Note = "Kill it first.",
                }
            )
        ),
        Of(
            EndsDocument.Of(
                new()
                {
                    Total = 3,
                    Counts = { 0, 0, 1, 0, 2 },
                    Ended =
                    {
                        new StatusRun
                        {
                            First = 7,
                            Count = 2,
                            Status = Status.Done,
                        },
                    },
                }
            )
        ),
        Of(ReachedStatusDocument.Of(7, Status.Processing)),
        Of(
            PortDocument.Of(
                7,
                new()
                {
                    Transport = Transport.Udp,
                    Address = "10.0.0.1",
                    ReachedPort = 53,
                }
            )
        ),
        Of(OutputDocument.Of(7, 1, OutputStream.Stderr, "x\n", "")),
        Of(OutputDocument.Of(7, 2, OutputStream.Logging, "", "3 bytes were dropped.")),
        Of(
            FilesDocument.Of(
                new() { Jid = 7, Path = "a" },
                2,
                [
                    new() { Name = "b\t\u2066", Kind = FileKind.Link },
                    new()
                    {
                        Name = "c",
                        Size = Huge,
                        Modified = At,
                    },
                ]
            )
        ),
        Of(
            ExplainDocument.Of(
                new()
                {
                    Jid = 7,
                    Status = Status.Waiting,
                    Summary = "it waits",
                    Ahead = 2,
                    Nodes =
                    {
                        new NodeVerdict { Node = "n1", Why = "full" },
                    },
                    Dependencies = { Run(1, 3, Status.Queued) },
                }
            )
        ),
        Of(EventsDocument.Of([Started])),
        Of(EventDocument.Of(Started)!),
        Of(new SshInfoDocument(7, "job-7", "ann", "/key", "/config")),
        Of(new SshConfigDocument("Host job-*\n")),
        Of(new FetchedDocument(7, 1, 3, 1)),
        Of(new ResultFilesDocument(new Dictionary<string, string> { ["7"] = "/out/7" })),
        ("InfoDocument", () => Info(null)),
        ("InfoAnswer", () => Info(new("4"u8.ToArray()))),
        ("ResultsDocument", Results),
    ];

    private static string Info(JsonLiteral? id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = DocumentWriter.New(buffer))
        {
            var info = new InfoDocument(json, InfoCatalog.All, id);
            info.Add(Job, At + 2_000_000);
            info.Complete();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Results()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = DocumentWriter.New(buffer))
        {
            var results = new ResultsDocument(json);
            Assert.True(results.TryAdd(1, "one\n"u8));
            Assert.False(results.TryAdd(2, [0xff]));
            results.Add(3, new PublicError(3, "bad-end", "Job 3 failed."));
            results.Complete();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ListReply Listed() =>
        new()
        {
            Truncated = true,
            Rows =
            {
                new JobRow
                {
                    First = 7,
                    Last = 7,
                    Counts = { 0, 0, 0, 1, 0, 0, 0, 0 },
                    Label = "night",
                    Owner = "ann",
                    Command = "echo \u001b",
                    Priority = -3,
                    Created = At,
                    Started = At,
                    Node = "n1",
                    Attempt = 1,
                    Cores = 2,
                },
                new JobRow
                {
                    First = 8,
                    Last = 17,
                    Counts = { 0, 0, 0, 0, 8, 2, 0, 0 },
                },
            },
        };

    private static StatusRun Run(long first, long count, Status status) =>
        new()
        {
            First = first,
            Count = count,
            Status = status,
        };

    private static StatusRow Row(long first, long last, bool isMap, params long[] counts) =>
        new()
        {
            First = first,
            Last = last,
            IsMap = isMap,
            Counts = { counts },
        };
}
