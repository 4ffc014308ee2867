using Akka.Actor;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Directories;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Answers the questions of gateways about the attempts of this node, up to the size that
/// fits one message.</summary>
/// <param name="within">Time limit for the executor's answer.</param>
internal sealed class AttemptReader(
    OutputFileReader files,
    JobDirectories directories,
    NodeTerminals terminals,
    TimeSpan within
) : UntypedActor
{
    /// <param name="Agent">Passes questions on to the executor.</param>
    /// <param name="Known">Attempts known to the agent: if one has no file, it wrote
    /// nothing.</param>
    /// <param name="NoSyslog">The reason that this node does not keep the system log; empty if it
    /// does.</param>
    public sealed record ReadLocalAttempt(
        ReadAttempts Read,
        IActorRef Agent,
        IReadOnlySet<AttemptId> Known,
        string NoSyslog
    );

    // A message stays well below the 1 MiB frame, even with the largest answer, 256 KiB.
    private const int RoomBytes = 128 << 10;

    // The gateway then reads these from the store, all at once.
    private const int MaxUnknownOutputs = 32;

    // The answer must fit the executor's frame.
    private const int PortsAtOnce = 20;

    public static Props Props(
        OutputFileReader files,
        JobDirectories directories,
        NodeTerminals terminals,
        TimeSpan within
    ) => Akka.Actor.Props.Create(() => new AttemptReader(files, directories, terminals, within));

    protected override void OnReceive(object message)
    {
        if (message is ReadLocalAttempt read)
            Task.Run(() => AnswerAsync(read)).PipeTo(Sender);
        else if (message is ReadFiles question)
            Task.Run(() => directories.Read(question)).PipeTo(Sender);
        else
            Unhandled(message);
    }

    private async Task<AttemptsRead> AnswerAsync(ReadLocalAttempt read)
    {
        var questions = read.Read.Questions;
        var answers = new AttemptsRead();
        var executor = new Executor(read.Agent, within);
        var room = RoomBytes;
        while (answers.Answers.Count < questions.Count && room > 0)
        {
            var item = questions[answers.Answers.Count].Item;
            var run = questions
                .Skip(answers.Answers.Count)
                .TakeWhile(question => question.Item == item)
                .Take(AtOnce(item))
                .ToList();
            var found = item switch
            {
                AttemptItem.Usage => await executor.UsagesAsync(run),
                AttemptItem.Ports => await executor.PortsAsync(run),
                AttemptItem.Terminals => run.Select(TerminalsOf),
                AttemptItem.Output => run.Select(question => OutputOf(read, question)),
                _ => run.Select(_ => new AttemptAnswer()),
            };
            foreach (var answer in found)
            {
                answers.Answers.Add(answer);
                room -= answer.CalculateSize();
                if (item == AttemptItem.Output && answer.Output is null)
                    room -= RoomBytes / MaxUnknownOutputs;
            }
        }
        return answers;
    }

    private static int AtOnce(AttemptItem item) =>
        item switch
        {
            AttemptItem.Usage => int.MaxValue,
            AttemptItem.Ports => PortsAtOnce,
            _ => 1,
        };

    private AttemptAnswer TerminalsOf(AttemptQuestion question) =>
        new()
        {
            Terminals = new OpenTerminals
            {
                Terminals = { terminals.In(new Jid(question.Jid), question.Attempt) },
            },
        };

    private AttemptAnswer OutputOf(ReadLocalAttempt read, AttemptQuestion question)
    {
        var id = new AttemptId(question.Jid, question.Attempt);
        var part = ReadFile(id, question.Stream);
        if (part is null && read.Known.Contains(id))
            part = StreamChunk.Empty;
        var answer = new AttemptAnswer();
        if (part is not null)
            answer.Output = Tail.EndOf(question.Stream, part.Data, part.Offset, part.Dropped);
        if (question.Stream == OutputStream.Syslog && part is null or { Size: 0 })
            answer.Lacking = read.NoSyslog;
        return answer;
    }

    private StreamChunk? ReadFile(AttemptId id, OutputStream stream)
    {
        var (offset, max) = Tail.RangeOf(stream);
        try
        {
            return files.Read(id, stream, offset, max);
        }
        catch (IOException)
        {
            // A job can remove the permission to read its own output.
            return null;
        }
    }

    /// <summary>Asks the executor through the agent. After one timeout, the rest of the message
    /// gets empty answers.</summary>
    private sealed class Executor(IActorRef agent, TimeSpan within)
    {
        private bool _timedOut;

        public async Task<IEnumerable<AttemptAnswer>> UsagesAsync(List<AttemptQuestion> run)
        {
            var read = new ReadUsage { Attempts = { KeysOf(run) } };
            var used = (await AskAsync<UsageRead>(read)).Usages.ToDictionary(u => u.Jid);
            return run.Select(q => new AttemptAnswer
            {
                Usage = used.GetValueOrDefault(q.Jid)?.Usage,
            });
        }

        public async Task<IEnumerable<AttemptAnswer>> PortsAsync(List<AttemptQuestion> run)
        {
            var read = new ReadPorts { Attempts = { KeysOf(run) } };
            var ports = (await AskAsync<PortsRead>(read)).Attempts.ToDictionary(a => a.Jid);
            return run.Select(q => new AttemptAnswer { Ports = ports.GetValueOrDefault(q.Jid) });
        }

        // A job can be named twice.
        private static IEnumerable<AttemptKey> KeysOf(List<AttemptQuestion> run) =>
            run.Select(q => new AttemptKey { Jid = q.Jid, Attempt = q.Attempt }).Distinct();

        private async Task<T> AskAsync<T>(object question)
            where T : new()
        {
            if (_timedOut)
                return new T();
            try
            {
                return await agent.Ask<T>(question, within);
            }
            catch (AskTimeoutException)
            {
                _timedOut = true;
                return new T();
            }
        }
    }
}
