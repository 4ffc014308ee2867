using JobCloud.Protocol.Api;

namespace JobCloud.FullScreen.Tests.Screens.Forecasts;

/// <summary>Forecasts of the cloud of <see cref="Samples"/>.</summary>
internal static class ForecastSamples
{
    private const long Minute = 60_000_000;

    /// <summary>Jobs that run, a map, jobs whose runtime or start is not known.</summary>
    public static ForecastReply Full() =>
        new()
        {
            At = Samples.Now,
            Nodes = { Node("n1", "ready"), Node("n2", "draining"), Node("n3", "lost"), Node("n4") },
            Bars =
            {
                Bar("n1", 1_003, 1_003, -10, 20, running: true),
                Bar("n1", 1_010, 1_010, -2, 0, running: true),
                Bar("n1", 1_030, 1_030, 20, 50),
                Bar("n1", 1_140, 2_035, 50, 75, 300),
                Bar("n2", 1_017, 1_017, -4, 8, running: true),
                Bar("n4", 0, 0, -1, 3, running: true),
                Bar("n4", 1_100, 1_103, -1, 6, 4, running: true),
                Bar("n4", 1_104, 2_034, 6, 75, 300),
                Bar("n4", 1_023, 1_023, 75, 0),
            },
            Jobs =
            {
                Jobs(1_023, 1_023, 1, 75, 75, 0, 0, RuntimeBasis.Unknown, "etl"),
                Jobs(1_030, 1_030, 1, 20, 20, 50, 30, RuntimeBasis.Label, "night"),
                Jobs(1_100, 2_035, 600, 6, 70, 75, 5, RuntimeBasis.Map, "render"),
                Unforeseen(3_000, "huge"),
            },
            Queued = 603,
            Unforeseen = 1,
            UnknownQueued = 2,
            UnknownRunning = 1,
            Waiting = 5,
            Samples = 324,
        };

    /// <summary>Jobs run, and none is queued.</summary>
    public static ForecastReply Empty() =>
        new()
        {
            At = Samples.Now,
            Nodes = { Node("n1") },
            Bars = { Bar("n1", 1_003, 1_003, -10, 20, running: true) },
        };

    /// <summary>Nothing is known of any runtime.</summary>
    public static ForecastReply Unknown() =>
        new()
        {
            At = Samples.Now,
            Nodes = { Node("n1") },
            Bars =
            {
                Bar("n1", 1_003, 1_003, -10, 0, running: true),
                Bar("n1", 1_023, 1_023, 0, 0),
            },
            Jobs =
            {
                Jobs(1_023, 1_023, 1, 0, 0, 0, 0, RuntimeBasis.Unknown, "etl"),
                Unforeseen(1_030, "night"),
            },
            Queued = 2,
            Unforeseen = 1,
            UnknownQueued = 2,
            UnknownRunning = 1,
        };

    /// <summary>Jobs are queued, and there is no node.</summary>
    public static ForecastReply WithoutNodes() =>
        new()
        {
            At = Samples.Now,
            Jobs = { Unforeseen(1_030, "night") },
            Queued = 1,
            Unforeseen = 1,
            UnknownQueued = 1,
        };

    /// <summary>So many nodes, each with a job.</summary>
    public static ForecastReply Wide(int nodes)
    {
        var reply = new ForecastReply { At = Samples.Now };
        for (var i = 1; i <= nodes; i++)
        {
            reply.Nodes.Add(Node($"node{i:00}"));
            reply.Bars.Add(Bar($"node{i:00}", i, i, -1, i, running: true));
        }
        return reply;
    }

    /// <param name="from">In minutes from now.</param>
    /// <param name="to">In minutes from now; 0: not known.</param>
    public static ForecastBar Bar(
        string node,
        long first,
        long last,
        int from,
        int to,
        long jobs = 1,
        bool running = false
    ) =>
        new()
        {
            Node = node,
            First = first,
            Last = last,
            Jobs = jobs,
            From = In(from),
            To = to == 0 ? 0 : In(to),
            Running = running,
        };

    private static ForecastNode Node(string name, string state = "ready") =>
        new()
        {
            Name = name,
            State = state,
            Cores = 8,
        };

    private static ForecastJobs Jobs(
        long first,
        long last,
        long jobs,
        int from,
        int until,
        int to,
        int runtime,
        RuntimeBasis basis,
        string label
    ) =>
        new()
        {
            First = first,
            Last = last,
            Jobs = jobs,
            StartsFrom = In(from),
            StartsUntil = In(until),
            EndsAt = to == 0 ? 0 : In(to),
            RuntimeUs = runtime * Minute,
            Basis = basis,
            Samples = basis == RuntimeBasis.Unknown ? 0 : 12,
            Label = label,
            Command = $"./{label} --all",
            Owner = "alice",
        };

    private static ForecastJobs Unforeseen(long jid, string label) =>
        new()
        {
            First = jid,
            Last = jid,
            Jobs = 1,
            Unforeseen = 1,
            Label = label,
            Command = $"./{label} --all",
            Owner = "alice",
        };

    private static long In(int minutes) => Samples.Now + minutes * Minute;
}
