using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Benchmarks;

/// <summary>Sends the feed of a node the updates that segments would send for many jobs, one
/// submission each, which change at random. Everything behind it is real: the feed, its messages,
/// the cluster and the clients.</summary>
/// <param name="feed">The node's feed.</param>
/// <param name="count">Number of jobs; their jids start at 1.</param>
public sealed class SyntheticJobs(ICanTell feed, int count)
{
    private const int SegmentBits = 10;

    private readonly Random _random = new(1);
    private readonly long _created = Now - 5_400_000_000;
    private readonly FeedSlice[] _jobs = new FeedSlice[count + 1];
    private long _sent;

    /// <summary>Publishes all jobs, with status done.</summary>
    public void PublishAll()
    {
        for (var jid = 1; jid <= count; jid++)
            _jobs[jid] = Job(jid, Status.Done, $"python train.py --epochs {jid % 90} --seed {jid}");
        Tell(Enumerable.Range(1, count));
    }

    /// <summary>Gives a share of the jobs another status.</summary>
    public void Change(double share)
    {
        var changed = new HashSet<int>();
        while (changed.Count < count * share)
            changed.Add(_random.Next(1, count + 1));
        lock (_jobs)
        {
            foreach (var jid in changed)
                _jobs[jid] = Job(jid, (Status)_random.Next(1, 8), _jobs[jid].Row.Command);
            Tell(changed);
        }
    }

    /// <summary>Changes the command of the newest job, which is the first row on a
    /// screen.</summary>
    public void RenameNewest(string command)
    {
        lock (_jobs)
        {
            _jobs[count] = _jobs[count].Clone();
            _jobs[count].Row.Command = command;
            Tell([count]);
        }
    }

    private void Tell(IEnumerable<int> changed)
    {
        _sent++;
        foreach (var segment in changed.GroupBy(jid => jid >> SegmentBits))
            feed.Tell(
                new SliceRows(segment.Key, _sent, true, [.. segment.Select(jid => _jobs[jid])]),
                ActorRefs.NoSender
            );
    }

    private static long Now => TimeProvider.System.NowMicroseconds();

    private FeedSlice Job(int jid, Status status, string command)
    {
        var now = Now;
        var row = new JobRow
        {
            First = jid,
            Last = jid,
            Counts = { new long[Statuses.Count] },
            Owner = "alice",
            Command = command,
            Priority = 5,
            Cores = 1,
            Created = _created,
            Started = status is Status.Waiting or Status.Queued ? 0 : now - 14_000_000,
            Finished = status > Status.Processing ? now : 0,
            Node = status == Status.Processing ? "n1" : "",
            Attempt = 1,
        };
        row.Counts[(int)status] = 1;
        return new()
        {
            Row = row,
            SubmissionFirst = jid,
            SubmissionLast = jid,
        };
    }
}
