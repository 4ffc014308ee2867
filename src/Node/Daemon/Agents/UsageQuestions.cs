using Akka.Actor;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Collects questions about the usage of running jobs. Sends the executor one request at a
/// time, for all questions since the last.</summary>
internal sealed class UsageQuestions
{
    private List<(IActorRef Asker, ReadUsage Question)> _waiting = [];
    private List<(IActorRef Asker, ReadUsage Question)> _asked = [];
    private long _request;

    public void Add(IActorRef asker, ReadUsage question) => _waiting.Add((asker, question));

    /// <summary>Returns the next question, or null if none is due.</summary>
    public ReadUsages? Next()
    {
        if (_waiting.Count == 0 || _asked.Count > 0)
            return null;
        (_asked, _waiting) = (_waiting, _asked);
        var jids = _asked.SelectMany(a => a.Question.Attempts).Select(a => a.Jid).Distinct();
        return new() { Request = ++_request, Jids = { jids } };
    }

    /// <summary>Returns the answer for each asker, or none if this is not the answer to the last
    /// question.</summary>
    public IReadOnlyList<(IActorRef Asker, UsageRead Answer)> Answers(Usages usages)
    {
        if (usages.Request != _request)
            return [];
        var byAttempt = new Dictionary<AttemptId, AttemptUsage>();
        foreach (var process in usages.Processes)
            byAttempt[new(process.Jid, process.Attempt)] = new()
            {
                Jid = process.Jid,
                Attempt = process.Attempt,
                Usage = process.Usage,
            };
        return [.. Drain(_asked).Select(a => (a.Asker, Pick(byAttempt, a.Question)))];
    }

    /// <summary>Abandons all questions because the connection broke, and returns an empty answer
    /// for each asker.</summary>
    public IReadOnlyList<(IActorRef Asker, UsageRead Answer)> AbandonAll()
    {
        _request++;
        return [.. Drain(_asked).Concat(Drain(_waiting)).Select(a => (a.Asker, new UsageRead()))];
    }

    private static UsageRead Pick(Dictionary<AttemptId, AttemptUsage> usages, ReadUsage question)
    {
        var read = new UsageRead();
        foreach (var key in question.Attempts)
            if (usages.TryGetValue(AttemptId.Of(key), out var usage))
                read.Usages.Add(usage);
        return read;
    }

    private static (IActorRef Asker, ReadUsage Question)[] Drain(
        List<(IActorRef Asker, ReadUsage Question)> list
    )
    {
        var all = list.ToArray();
        list.Clear();
        return all;
    }
}
