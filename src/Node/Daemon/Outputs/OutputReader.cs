using Akka.Actor;
using Google.Protobuf;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Answers readers of output. A reader that waits gets an answer when there is more, when
/// the attempt has ended, or, empty, after a time limit.</summary>
internal sealed class OutputReader(OutputFileReader files, OutputSettings settings)
    : UntypedActor,
        IWithTimers
{
    /// <summary>Maximum bytes of one answer to a reader on another node; a frame holds 128
    /// kB.</summary>
    private const int RemoteChunk = 16_000;

    /// <summary>Time after which a waiting reader gets an empty answer.</summary>
    internal static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(10);

    /// <param name="IsLive">True if the attempt may write more.</param>
    /// <param name="IsKnown">True if the agent knows the attempt, so that a missing file means no
    /// output.</param>
    /// <param name="Lacking">The reason that this node cannot have that stream; empty if it
    /// can.</param>
    public sealed record ReadLocalOutput(
        ReadOutput Question,
        bool IsLive,
        bool IsKnown,
        string Lacking = ""
    );

    /// <summary>A followed attempt has ended and writes no more.</summary>
    public sealed record AttemptEnded(AttemptId Id);

    private sealed record Poll
    {
        public static readonly Poll Now = new();
    }

    private sealed class Waiter(IActorRef asker, ReadOutput question, long offset, int polls)
    {
        public IActorRef Asker => asker;
        public ReadOutput Question => question;
        public AttemptId Id { get; } = new(question.Jid, question.Attempt);

        /// <summary>Offset of the first new byte; never negative.</summary>
        public long Offset => offset;

        /// <summary>Number of polls of the file that are left.</summary>
        public int Polls { get; set; } = polls;
    }

    private readonly List<Waiter> _waiters = [];

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(OutputFileReader files, OutputSettings settings) =>
        Akka.Actor.Props.Create(() => new OutputReader(files, settings));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReadLocalOutput read:
                Read(read);
                break;
            case AttemptEnded(var id):
                _waiters.RemoveAll(w => w.Id == id && Answer(w, ended: true));
                break;
            case Poll:
                _waiters.RemoveAll(w => IsDue(w) && Answer(w, ended: false));
                break;
            default:
                Unhandled(message);
                break;
        }
        if (_waiters.Count == 0)
            Timers.Cancel(Poll.Now);
        else if (!Timers.IsTimerActive(Poll.Now))
            Timers.StartPeriodicTimer(Poll.Now, Poll.Now, settings.PollInterval);
    }

    private void Read(ReadLocalOutput read)
    {
        var question = read.Question;
        var part =
            Part(Sender, question, question.Offset) ?? (read.IsKnown ? StreamChunk.Empty : null);
        var waits = question.Wait && read.IsLive && _waiters.Count < settings.WaitersMax;
        if (waits && part is null or { Data.Length: 0 })
        {
            var polls = (int)Math.Ceiling(WaitLimit / settings.PollInterval);
            var offset = question.Offset < 0 ? part?.Offset ?? 0 : question.Offset;
            _waiters.Add(new(Sender, question, offset, polls));
        }
        else
        {
            var answer = Answer(part, !read.IsLive);
            answer.Lacking = answer.Size == 0 ? read.Lacking : "";
            Sender.Tell(answer);
        }
    }

    private bool IsDue(Waiter waiter) =>
        files.Size(waiter.Id, waiter.Question.Stream) > waiter.Offset || --waiter.Polls <= 0;

    private bool Answer(Waiter waiter, bool ended)
    {
        var part = Part(waiter.Asker, waiter.Question, waiter.Offset) ?? StreamChunk.Empty;
        waiter.Asker.Tell(Answer(part, ended));
        return true;
    }

    private StreamChunk? Part(IActorRef asker, ReadOutput question, long offset)
    {
        var local = asker is not IInternalActorRef { IsLocal: false };
        var limit = local ? settings.LocalChunk : RemoteChunk;
        var max = question.Max <= 0 ? limit : Math.Min(question.Max, limit);
        return files.Read(new(question.Jid, question.Attempt), question.Stream, offset, max);
    }

    private static OutputRead Answer(StreamChunk? part, bool ended) =>
        part is null
            ? new() { Ended = ended, Missing = true }
            : new()
            {
                Data = UnsafeByteOperations.UnsafeWrap(part.Data),
                Offset = part.Offset,
                Size = part.Size,
                Dropped = part.Dropped,
                Ended = ended,
            };
}
