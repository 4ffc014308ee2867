using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// The reports not sent yet, by segment. While the node has enough to do nobody waits for them, and
/// they gather for a while: many ends become one commit. A last word that comes after a pause goes
/// at once, and all that was said before goes with it.
/// </summary>
/// <param name="node">The node that reports.</param>
/// <param name="batch">The most reports in one message.</param>
/// <param name="linger">How long they gather, in µs.</param>
internal sealed class Outbox(string node, int batch, long linger)
{
    private readonly List<Mail> _pending = [];
    private long _lastSent = long.MinValue / 2;

    public bool IsEmpty => _pending.Count == 0;

    public void Add(AttemptReport report)
    {
        var mail = MailTo(Segments.Of(report.Jid));
        mail.Reports.Add(report);
        mail.HasLastWord |= Reports.IsFinal(report);
    }

    /// <summary>Whether anything would be sent now.</summary>
    /// <param name="busy">The node has more to start, so that nobody waits for these
    /// reports.</param>
    /// <param name="now">In µs.</param>
    public bool HasDue(bool busy, long now)
    {
        foreach (var mail in _pending)
            if (IsDue(mail, busy, now))
                return true;
        return false;
    }

    /// <summary>Takes out what is to be sent now.</summary>
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

    private Mail MailTo(long segment)
    {
        foreach (var mail in _pending)
            if (mail.Segment == segment)
                return mail;
        var first = new Mail(segment);
        _pending.Add(first);
        return first;
    }

    private bool IsDue(Mail mail, bool busy, long now) =>
        !busy || mail.Reports.Count >= batch || (mail.HasLastWord && now - _lastSent >= linger);

    private void Send(Mail mail, List<SegmentRequest> due)
    {
        for (var from = 0; from < mail.Reports.Count; from += batch)
        {
            var reports = new AttemptReports { Node = node };
            var end = Math.Min(from + batch, mail.Reports.Count);
            reports.Reports.Capacity = end - from;
            for (var i = from; i < end; i++)
                reports.Reports.Add(mail.Reports[i]);
            due.Add(new SegmentRequest { Segment = mail.Segment, Reports = reports });
        }
    }

    private sealed class Mail(long segment)
    {
        public long Segment => segment;
        public List<AttemptReport> Reports { get; } = [];
        public bool HasLastWord { get; set; }
    }
}
