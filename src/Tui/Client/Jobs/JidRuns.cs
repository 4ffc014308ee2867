using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Client.Jobs;

/// <summary>Operations on runs: consecutive jids with the same status.</summary>
internal static class JidRuns
{
    public static JidRange RangeOf(StatusRun run) =>
        new() { First = run.First, Last = run.First + run.Count - 1 };

    public static bool IsFinished(Status status) =>
        status is Status.Done or Status.Error or Status.Killed or Status.Stalled;

    public static Selection One(Jid jid) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };
}
