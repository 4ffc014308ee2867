using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// The reports not sent yet, by segment. While the node has enough to do they gather: a last word
/// goes when the segment owes no answer, as small packets do by Nagle's algorithm (RFC 896), and
/// all that was said before goes with it.
/// </summary>
/// <param name="node">The node that reports.</param>
/// <param name="batch">The most reports in one message.</param>
public sealed class Outbox(string node, int batch)
{
    private readonly List<Mail> pending = [];
    private readonly HashSet<long> owing = [];

    public bool IsEmpty => pending.Count == 0;

    public void Add(AttemptReport report)
    {
        var mail = MailTo(Segments.Of(report.Jid));
        mail.Reports.Add(report);
        mail.HasLastWord |= Reports.IsFinal(report);
    }

    /// <summary>Whether anything would be sent now.</summary>
    /// <param name="busy">The node has more to start, so that nobody waits for these reports.</param>
    public bool HasDue(bool busy)
    {
        foreach (var mail in pending)
            if (IsDue(mail, busy))
                return true;
        return false;
    }

    /// <summary>Takes out what is to be sent now.</summary>
    /// <inheritdoc cref="HasDue" path="/param"/>
    public List<SegmentRequest> TakeDue(bool busy)
    {
        var due = new List<SegmentRequest>(pending.Count);
        var kept = 0;
        for (var i = 0; i < pending.Count; i++)
            if (IsDue(pending[i], busy))
                Send(pending[i], due);
            else
                pending[kept++] = pending[i];
        pending.RemoveRange(kept, pending.Count - kept);
        return due;
    }

    /// <summary>The segment has answered: it may be told more.</summary>
    public void Answered(long segment) => owing.Remove(segment);

    private Mail MailTo(long segment)
    {
        foreach (var mail in pending)
            if (mail.Segment == segment)
                return mail;
        var first = new Mail(segment);
        pending.Add(first);
        return first;
    }

    private bool IsDue(Mail mail, bool busy) =>
        !busy || mail.Reports.Count >= batch || (mail.HasLastWord && !owing.Contains(mail.Segment));

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
        if (mail.HasLastWord)
            owing.Add(mail.Segment);
    }

    private sealed class Mail(long segment)
    {
        public long Segment => segment;
        public List<AttemptReport> Reports { get; } = [];
        public bool HasLastWord { get; set; }
    }
}
