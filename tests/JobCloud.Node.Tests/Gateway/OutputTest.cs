using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Base class for tests of handlers that read the output kept by a node.</summary>
public abstract class OutputTest : SegmentsTest
{
    private protected Kept Outputs { get; } = new();

    private protected OutputHandler Handler(int chunkBytes, OutputStore? store = null) =>
        new(
            Client,
            Subscriptions,
            new OutputSources(
                Sys.ActorOf(Props.Create(() => new Keeper(Outputs))),
                store,
                chunkBytes,
                Limit
            )
        );

    /// <summary>Lets job 1 run and write output, and ends it.</summary>
    private protected void Finished(long endedAt = 7)
    {
        if (Ask(Read(1)).Jobs.Unknown.Count == 0)
            return;
        Ask(Submit(1));
        Tell(Assign(1));
        var ended = Wrote(Ended(1));
        ended.Ended.EndedAt = endedAt;
        Tell(Report(ended));
        Ask(Read(1));
    }

    private protected static AttemptReport Wrote(AttemptReport report)
    {
        report.Ended.Exit.StdoutBytes = 1;
        return report;
    }

    /// <summary>The output that the node keeps, and the maximum size of one answer.</summary>
    private protected sealed class Kept
    {
        public Dictionary<(long, int), byte[]> Streams { get; } = [];
        public int Max { get; set; } = 100;
        public int Dropped { get; set; }
        public byte[] Timeline { get; set; } = [];
        public int Asked { get; set; }
    }

    /// <summary>Answers like a node.</summary>
    private sealed class Keeper(Kept kept) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var question = (ReadOutput)message;
            kept.Asked++;
            var isTimeline = question.Stream == OutputStream.Timeline;
            var bytes = isTimeline
                ? kept.Timeline
                : kept.Streams.GetValueOrDefault((question.Jid, question.Attempt));
            if (bytes is null)
            {
                Sender.Tell(new OutputRead { Missing = true, Ended = true });
                return;
            }
            var from = (int)(
                question.Offset < 0
                    ? Math.Max(0, bytes.Length + question.Offset)
                    : Math.Min(question.Offset, bytes.Length)
            );
            if (from < bytes.Length && !isTimeline)
                from = Math.Max(from, kept.Dropped);
            var length = Math.Min(Math.Min(question.Max, kept.Max), bytes.Length - from);
            Sender.Tell(
                new OutputRead
                {
                    Data = ByteString.CopyFrom(bytes, from, length),
                    Offset = from,
                    Size = bytes.Length,
                    Ended = true,
                    Dropped = isTimeline ? 0 : kept.Dropped,
                }
            );
        }
    }
}
