using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The unsent reports, by segment. While the node has enough to do, no one waits for them,
/// so they gather for a while and one commit takes many ends. The first final report after a pause
/// is sent at once, with all earlier reports.</summary>
/// <param name="node">The node that sends the reports.</param>
/// <param name="batch">Maximum number of reports in one message.</param>
/// <param name="linger">Time that reports gather, in µs.</param>
internal sealed class ReportBatcher(string node, int batch, long linger)
{
    private readonly List<SegmentReports> _pending = [];
    private long _lastSent = long.MinValue / 2;

    public bool IsEmpty => _pending.Count == 0;

    public void Add(AttemptReport report)
    {
        var pending = ReportsTo(Segments.Of(report.Jid));
        pending.Reports.Add(report);
        pending.HasFinal |= AttemptReportFactory.IsFinal(report);
    }

    /// <summary>True if reports are due now.</summary>
    /// <param name="busy">True if the node has more attempts to start, so that no one waits for
    /// these reports.</param>
    /// <param name="now">In µs.</param>
    public bool HasDue(bool busy, long now)
    {
        foreach (var pending in _pending)
            if (IsDue(pending, busy, now))
                return true;
        return false;
    }

    /// <summary>Removes and returns the reports due now.</summary>
    /// <inheritdoc cref="HasDue" path="/param"/>
    public List<SegmentRequest> TakeDue(bool busy, long now)
    {
        var due = new List<SegmentRequest>(_pending.Count);
        var kept = 0;
        for (var i = 0; i < _pending.Count; i++)
            if (IsDue(_pending[i], busy, now))
                Send(_pending[i], due);
            else
                _pending[kept++] = _pending[i];
        _pending.RemoveRange(kept, _pending.Count - kept);
        if (due.Count > 0)
            _lastSent = now;
        return due;
    }

    private SegmentReports ReportsTo(long segment)
    {
        foreach (var pending in _pending)
            if (pending.Segment == segment)
                return pending;
        var first = new SegmentReports(segment);
        _pending.Add(first);
        return first;
    }

    private bool IsDue(SegmentReports pending, bool busy, long now) =>
        !busy || pending.Reports.Count >= batch || (pending.HasFinal && now - _lastSent >= linger);

    private void Send(SegmentReports pending, List<SegmentRequest> due)
    {
        for (var from = 0; from < pending.Reports.Count; from += batch)
        {
            var reports = new AttemptReports { Node = node };
            var end = Math.Min(from + batch, pending.Reports.Count);
            reports.Reports.Capacity = end - from;
            for (var i = from; i < end; i++)
                reports.Reports.Add(pending.Reports[i]);
            due.Add(new SegmentRequest { Segment = pending.Segment, Reports = reports });
        }
    }

    private sealed class SegmentReports(long segment)
    {
        public long Segment => segment;
        public List<AttemptReport> Reports { get; } = [];
        public bool HasFinal { get; set; }
    }
}
