using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Creates an agent's reports about attempts.</summary>
internal static class AttemptReportFactory
{
    public static AttemptReport Of(ProcessStarted started) =>
        new()
        {
            Jid = started.Jid,
            Attempt = started.Attempt,
            Started = started.Start,
        };

    /// <summary>An attempt that its node could not start for now is handed back.</summary>
    public static AttemptReport Of(ProcessEnded ended) =>
        ended.Passing
            ? NeverStarted(new(ended.Jid, ended.Attempt))
            : new()
            {
                Jid = ended.Jid,
                Attempt = ended.Attempt,
                Ended = ended.End,
            };

    public static AttemptReport Of(AttemptStuck stuck) =>
        new()
        {
            Jid = stuck.Jid,
            Attempt = stuck.Attempt,
            KillOutlived = new() { Why = stuck.Why },
        };

    public static AttemptReport NeverStarted(AttemptId id) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            NeverStarted = new(),
        };

    /// <param name="since">Attempts that began after this instant would be known.</param>
    public static AttemptReport Unknown(AttemptId id, long since) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Unknown = new() { Since = since },
        };

    /// <param name="at">Time of the failure in microseconds since 1970.</param>
    public static AttemptReport CannotStart(AttemptId id, string why, long at) =>
        new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Ended = new()
            {
                Exit = new Exit { NotStarted = why },
                StartedAt = at,
                EndedAt = at,
            },
        };

    /// <summary>True if this is the attempt's final report, which is repeated until it is
    /// accepted.</summary>
    public static bool IsFinal(AttemptReport report) =>
        report.WhatCase
            is AttemptReport.WhatOneofCase.Ended
                or AttemptReport.WhatOneofCase.NeverStarted;
}
