using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Counts the commits of one segment and the jobs that they change, and tells the spans of
/// these.</summary>
internal sealed class SegmentMetrics(SegmentDependencies ports, Segment segment)
{
    private readonly JobTally _tally = new();
    private readonly UnfinishedJobs.Share _share = new(ports.Meters.UnfinishedJobs);
    private long _started;

    public void Recovered() => _share.Set(segment.Totals);

    public void CommitStarts() => _started = ports.Clock.GetTimestamp();

    public void Committed(PendingCommit batch)
    {
        ports.Meters.Record(
            MetricCatalog.CommitSeconds,
            ports.Clock.GetElapsedTime(_started).TotalSeconds
        );
        _tally.Count(batch.Events, batch.Effects.Moved);
        ports.Meters.Add(_tally);
        _share.Set(segment.Totals);
        ports.Spans?.Add(batch.Effects.Moved.Values);
    }

    public void Failed() => ports.Meters.Add(MetricCatalog.CommitsFailed, 1);

    /// <summary>The segment is no longer on this node.</summary>
    public void Ended() => _share.Clear();
}
