using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;

namespace JobCloud.FullScreen.Tests.Screens.Detail;

/// <summary>A sample job with all details.</summary>
internal static class DetailSamples
{
    private const long Second = 1_000_000;
    private const long Started = Samples.Now - 120 * Second;

    public static JobDetail Processing()
    {
        var job = new JobDetail
        {
            Jid = 7,
            Status = Status.Processing,
            Owner = "alice",
            Node = "n1",
            Attempt = 2,
            Retries = 1,
            Command = "python train.py --lr 3e-4 --epochs 90",
            Created = Started - 200 * Second,
            Queued = Started - 14 * Second,
            Started = Started,
            Stdout = "epoch 1\nepoch 2\n",
            Usage = new Usage
            {
                CpuUserUs = 90 * Second,
                CpuSystemUs = 5 * Second,
                MemoryBytes = 3L << 30,
                MemoryMaxBytes = 4L << 30,
                SwapBytes = -1,
                SwapMaxBytes = -1,
                DiskBytes = 10 << 20,
            },
            Spec = new JobSpec
            {
                Command = "python train.py --lr 3e-4 --epochs 90",
                Label = "night",
                Cores = 4,
                Priority = 3,
                CoreType = "m1",
                MemoryBytes = 8L << 30,
                Retries = 3,
                DependsOn =
                {
                    new JidRange { First = 3, Last = 5 },
                },
                Variables =
                {
                    new Variable { Name = "LR", Value = "3e-4 or so" },
                },
            },
            Ports = new JobPorts
            {
                Ports =
                {
                    new JobPort
                    {
                        Port = 8000,
                        Address = "10.0.0.1",
                        ReachedPort = 31_080,
                    },
                    new JobPort
                    {
                        Port = 53,
                        Transport = Transport.Udp,
                        Trouble = "its network is its own",
                    },
                },
            },
            Dependents = { 12 },
            Attempts =
            {
                new AttemptRecord
                {
                    Attempt = 1,
                    Node = "n2",
                    Started = Started - 100 * Second,
                    Finished = Started - 20 * Second,
                    Reason = new Reason { Code = ReasonCode.Exit, Number = 3 },
                    Usage = new Usage { CpuUserUs = 70 * Second, MemoryMaxBytes = 2L << 30 },
                },
            },
            Absent =
            {
                new Absence { Item = "profile", Why = "it was submitted without --profile" },
                new Absence { Item = "syslog", Why = "the machine has no system log" },
            },
        };
        for (var i = 1; i <= 60; i++)
            job.Timeline.Add(
                new TimelineSample
                {
                    At = Started + i * 2 * Second,
                    CpuUs = i * i * Second / 20,
                    MemoryBytes = (i % 20 * 100L) << 20,
                    DiskBytes = -1,
                }
            );
        return job;
    }

    public static IEnumerable<JobEvent> Events() =>
        [
            new()
            {
                Jid = 7,
                At = Started - 200 * Second,
                Submitted = new Submitted { Owner = "alice" },
            },
            new()
            {
                Jid = 7,
                At = Started - 14 * Second,
                Ended = new AttemptEnd
                {
                    Attempt = 1,
                    Status = Status.Queued,
                    Reason = new Reason { Code = ReasonCode.Exit, Number = 3 },
                },
            },
            new()
            {
                Jid = 7,
                At = Started,
                Started = new AttemptStart { Attempt = 2, Pid = 4_711 },
            },
        ];

    public static IMessage Answer(IMessage request) =>
        request switch
        {
            InfoRequest { Jobs.Items: [{ Range.First: not 7 and var jid }] } => Relative(jid),
            InfoRequest => Processing(),
            ExplainRequest => new ExplainReply
            {
                Jid = 7,
                Status = Status.Queued,
                Summary = "no node has 4 cores free",
                Ahead = 12,
                Nodes =
                {
                    new NodeVerdict { Node = "n1", Why = "2 of 8 cores are free" },
                    new NodeVerdict { Node = "n2", Why = "it is draining" },
                },
            },
            StatusRequest => new StatusReply
            {
                Runs =
                {
                    Run(3, 2, Status.Done),
                    Run(5, 1, Status.Error),
                    Run(12, 1, Status.Waiting),
                },
            },
            SubmitRequest => new SubmitReply { First = 99, Last = 99 },
            _ => new ChangeReply { Selected = 1, Changed = 1 },
        };

    // Job 4 depends on job 2.
    private static JobDetail Relative(long jid) =>
        new()
        {
            Jid = jid,
            Command = $"./stage {jid}",
            Spec = new JobSpec
            {
                DependsOn = { jid == 4 ? [JidRanges.Range(2, 2)] : Array.Empty<JidRange>() },
            },
        };

    private static StatusRun Run(long first, long count, Status status) =>
        new()
        {
            First = first,
            Count = count,
            Status = status,
        };
}
