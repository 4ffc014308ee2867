using Google.Protobuf;
using JobCloud.FullScreen.Tests.Cloud;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>A small deterministic cloud.</summary>
internal static class Samples
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long GiB = 1L << 30;

    /// <summary>2026-11-22T14:27:03Z, in µs.</summary>
    public const long Now = 1_795_357_623 * Second;

    private static readonly (string Label, string Command)[] Commands =
    [
        ("night", "python train.py --lr 3e-4 --epochs 90"),
        ("", "make -j4 test"),
        ("render", "blender -b scene.blend -o frame_#### -f 17"),
        ("etl", "./load.sh /data/2026-11-22 | gzip > out.gz"),
        ("", "sleep 600"),
    ];

    public static JobRow Job(long jid, Status status, int kind = 0)
    {
        var row = new JobRow
        {
            First = jid,
            Last = jid,
            Label = Commands[kind % Commands.Length].Label,
            Command = Commands[kind % Commands.Length].Command,
            Owner = jid % 3 == 0 ? "bob" : "alice",
            Priority = 5,
            Created = Now - (2_000 - jid) * Second,
            Cores = 1 + (int)(jid % 4),
            Status = status,
        };
        if (status is not (Status.Waiting or Status.Queued or Status.Stalled))
        {
            row.Started = row.Created + 14 * Second;
            row.Node = $"n{1 + jid % 3}";
            row.Attempt = 1;
        }
        if (status >= Status.Done)
            row.Finished = row.Created + 5 * Minute;
        row.Reason = ReasonOf(status);
        return row;
    }

    public static JobRow Map(long first, params long[] counts)
    {
        var row = Job(first, Status.Processing, 2);
        row.Last = first + counts.Sum() - 1;
        row.Status = Status.Unspecified;
        row.Counts.Add(counts);
        row.Node = "";
        return row;
    }

    public static NodeView Node(string name, string state, int cores, int used) =>
        new()
        {
            Name = name,
            State = state,
            Address = $"10.0.0.{name[1..]}:4053",
            Version = "0.1.0",
            Since = Now - 26 * 60 * Minute,
            Capacity = new Resources { Cores = cores, MemoryBytes = cores * 4 * GiB },
            InUse = new Resources { Cores = used, MemoryBytes = used * 3 * GiB },
            Processing = used,
            Limits = "cgroup v2",
            Reason = state == "draining" ? "new disk" : "",
        };

    /// <summary>The full first update of the feed.</summary>
    public static FeedNews Full()
    {
        var update = new FeedNews
        {
            Full = true,
            Number = 1,
            At = Now,
            Counts = Counts(12, 34, 5, 4),
        };
        for (var jid = 1_000; jid < 1_036; jid++)
            update.Rows.Add(Job(jid, (Status)(1 + jid % 7), jid));
        update.Rows.Add(Map(1_100, 0, 0, 300, 24, 600, 12, 0, 0));
        update.Rows.Add(Map(2_200, 0, 0, 0, 0, 64, 0, 0, 0));
        update.Nodes.Add(Node("n1", "ready", 8, 6));
        update.Nodes.Add(Node("n2", "draining", 16, 3));
        update.Nodes.Add(Node("n3", "lost", 8, 0));
        update.Events.Add(
            Event(1_000, 30, e => e.Assigned = new Assigned { Attempt = 1, Node = "n1" })
        );
        update.Events.Add(
            Event(1_000, 29, e => e.Started = new AttemptStart { Attempt = 1, Pid = 4711 })
        );
        update.Events.Add(
            Event(
                1_005,
                12,
                e =>
                    e.Ended = new AttemptEnd
                    {
                        Attempt = 2,
                        Status = Status.Error,
                        Reason = ReasonOf(Status.Error),
                    }
            )
        );
        return update;
    }

    public static CloudCounts Counts(long processing, long queued, long started, long failed) =>
        new()
        {
            Jobs = { 0, 3, queued, processing, 8_467, 17, 2, 1 },
            Started = started,
            EndedDone = started,
            EndedOtherwise = failed,
        };

    /// <summary>Answers what a cloud counts; refuses other requests.</summary>
    public static IMessage Answer(IMessage request) =>
        request is ActivityRequest activity ? Activity(activity) : ScriptedCloud.Unscripted;

    private static ActivityReply Activity(ActivityRequest request)
    {
        var reply = new ActivityReply { From = request.From, SpanUs = request.SpanUs };
        for (var i = 0; i < request.Spans; i++)
        {
            reply.Submitted.Add(20 + i % 7);
            reply.Started.Add(18 + i % 5);
            reply.Done.Add(15 + i % 11);
            reply.Failed.Add(i == request.Spans / 2 ? 31 : i % 13 / 12);
            reply.Processing.Add(30 + i / 4);
            reply.Unstarted.Add(Math.Max(0, 40 - i));
        }
        return reply;
    }

    private static JobEvent Event(long jid, int secondsAgo, Action<JobEvent> with)
    {
        var jobEvent = new JobEvent { Jid = jid, At = Now - secondsAgo * Second };
        with(jobEvent);
        return jobEvent;
    }

    private static Reason? ReasonOf(Status status) =>
        status switch
        {
            Status.Error => new Reason { Code = ReasonCode.Exit, Number = 3 },
            Status.Killed => new Reason { Code = ReasonCode.KilledBy, Text = "bob" },
            Status.Stalled => new Reason
            {
                Code = ReasonCode.Dependency,
                Number = 7,
                Text = "error",
            },
            _ => null,
        };
}
