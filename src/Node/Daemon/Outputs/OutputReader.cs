using Akka.Actor;
using Google.Protobuf;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>
/// Answers readers of output; those who wait for more are answered when there is more, when the
/// attempt is over, or after a while with nothing.
/// </summary>
internal sealed class OutputReader(OutputFiles files, OutputSettings settings)
    : UntypedActor,
        IWithTimers
{
    /// <param name="Lives">The attempt may write more.</param>
    /// <param name="Known">The agent knows it, so that no file means no output.</param>
    /// <param name="Lacking">Why this node can have nothing in that stream; empty: it can.</param>
    public sealed record ReadHere(ReadOutput Question, bool Lives, bool Known, string Lacking = "");

    /// <summary>An attempt that someone follows will write no more.</summary>
    public sealed record AttemptOver(AttemptId Id);

    private sealed record Poll
    {
        public static readonly Poll Now = new();
    }

    private sealed class Waiter(IActorRef asker, ReadOutput question, long offset, int looks)
    {
        public IActorRef Asker => asker;
        public ReadOutput Question => question;
        public AttemptId Id { get; } = new(question.Jid, question.Attempt);

        /// <summary>Of the first byte that is new; never negative.</summary>
        public long Offset => offset;

        /// <summary>How many more times the file is looked at.</summary>
        public int Looks { get; set; } = looks;
    }

    private readonly List<Waiter> _waiters = [];

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(OutputFiles files, OutputSettings settings) =>
        Akka.Actor.Props.Create(() => new OutputReader(files, settings));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReadHere read:
                Read(read);
                break;
            case AttemptOver(var id):
                _waiters.RemoveAll(w => w.Id == id && Answer(w, ended: true));
                break;
            case Poll:
                _waiters.RemoveAll(w => Look(w) && Answer(w, ended: false));
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

    private void Read(ReadHere read)
    {
        var question = read.Question;
        var part =
            Part(Sender, question, question.Offset) ?? (read.Known ? StreamPart.Empty : null);
        var waits = question.Wait && read.Lives && _waiters.Count < settings.WaitersMax;
        if (waits && part is null or { Data.Length: 0 })
        {
            var looks = (int)Math.Ceiling(settings.WaitLimit / settings.PollInterval);
            var offset = question.Offset < 0 ? part?.Offset ?? 0 : question.Offset;
            _waiters.Add(new(Sender, question, offset, looks));
        }
        else
        {
            var answer = Answer(part, !read.Lives);
            answer.Lacking = answer.Size == 0 ? read.Lacking : "";
            Sender.Tell(answer);
        }
    }

    private bool Look(Waiter waiter) =>
        files.Size(waiter.Id, waiter.Question.Stream) > waiter.Offset || --waiter.Looks <= 0;

    private bool Answer(Waiter waiter, bool ended)
    {
        var part = Part(waiter.Asker, waiter.Question, waiter.Offset) ?? StreamPart.Empty;
        waiter.Asker.Tell(Answer(part, ended));
        return true;
    }

    private StreamPart? Part(IActorRef asker, ReadOutput question, long offset)
    {
        var local = asker is not IInternalActorRef { IsLocal: false };
        var limit = local ? settings.LocalChunk : settings.RemoteChunk;
        var max = question.Max <= 0 ? limit : Math.Min(question.Max, limit);
        return files.Read(new(question.Jid, question.Attempt), question.Stream, offset, max);
    }

    private static OutputRead Answer(StreamPart? part, bool ended) =>
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
