using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

public static partial class Decide
{
    /// <summary>Records a gateway's report on a terminal. A repeated report, or one of an older
    /// attempt, changes nothing.</summary>
    /// <param name="by">The user of the terminal.</param>
    public static void Terminal(PendingCommit batch, TerminalReport report, string by)
    {
        if (batch.Segment.Find(new Jid(report.Jid)) is not { } job)
            return;
        var e = report.WhatCase switch
        {
            TerminalReport.WhatOneofCase.Opened when MayOpen(job, report.Opened) => new JobEvent
            {
                TerminalOpened = report.Opened,
            },
            TerminalReport.WhatOneofCase.Closed when MayClose(job, report.Closed) => new JobEvent
            {
                TerminalClosed = report.Closed,
            },
            _ => null,
        };
        if (e is null)
            return;
        (e.Jid, e.By) = (job.Jid, by);
        batch.Record(e);
    }

    private static bool MayOpen(Job job, TerminalOpened opened) =>
        job.Phase is JobPhase.Processing
        && job.Attempt == opened.Attempt
        && !job.Terminals.Contains(opened.Id);

    // A terminal may close after its job has ended.
    private static bool MayClose(Job job, TerminalClosed closed) =>
        job.Attempt == closed.Attempt && job.Terminals.Contains(closed.Id);
}
