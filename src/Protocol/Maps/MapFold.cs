using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Maps;

/// <summary>Folds what the segments tell of a map's jobs into one reply.</summary>
public sealed class MapFold
{
    private readonly MapViewRequest _request;
    private readonly MapReply _reply;
    private readonly FailureGroups _failures = new();
    private readonly MapSource _source = new();
    private readonly FoundElements _found;
    private readonly List<long> _runtimes = [];
    private readonly long[] _counts = new long[Jobs.Statuses.Count];
    private readonly long _cellJobs;
    private readonly byte[] _statuses = [];
    private readonly long[] _cellRuntimes = [];
    private readonly long[] _cellMemory = [];

    /// <param name="found">Puts the jobs that match in the query's order.</param>
    public MapFold(MapViewRequest request, long first, long last, FoundElements found)
    {
        (_request, _found) = (request, found);
        _reply = new MapReply { First = first, Last = last };
        if (request.Cells <= 0)
            return;
        var jobs = last - first + 1;
        _cellJobs = (jobs + request.Cells - 1) / request.Cells;
        var cells = (int)((jobs + _cellJobs - 1) / _cellJobs);
        _statuses = new byte[cells];
        (_cellRuntimes, _cellMemory) = (new long[cells], new long[cells]);
    }

    public void Add(ElementsRead read)
    {
        foreach (var group in read.Failures)
            _failures.Add(group.Status, group.Reason, group.Count, group.First);
        _found.Add(read);
        _source.Add(read);
        if (_cellJobs > 0)
            for (var i = 0; i < read.Statuses.Length; i++)
                AddJob(
                    read.First + i,
                    (Status)read.Statuses[i],
                    read.RuntimesUs[i],
                    read.MemoryBytes[i]
                );
    }

    public MapReply Reply()
    {
        _reply.Failures.Add(_failures.Most());
        if (_request.Find)
            _found.Write(_reply.Found, _reply.First);
        if (_request.Submission)
            _reply.Submission = _source.Reply();
        if (_cellJobs == 0)
            return _reply;
        _reply.Counts.Add(_counts);
        _runtimes.Sort();
        if (_runtimes.Count > 0)
            _reply.RuntimeMedianUs = _runtimes[(_runtimes.Count - 1) / 2];
        _reply.Cells = new MapCells
        {
            Jobs = _cellJobs,
            Statuses = UnsafeByteOperations.UnsafeWrap(_statuses),
            RuntimesUs = { _cellRuntimes },
            MemoryBytes = { _cellMemory },
        };
        return _reply;
    }

    /// <summary>How much attention a status needs: in a cell, the highest is shown.</summary>
    public static int Attention(Status status) =>
        status switch
        {
            Status.Error => 7,
            Status.Killed => 6,
            Status.Stalled => 5,
            Status.Processing => 4,
            Status.Queued => 3,
            Status.Waiting => 2,
            Status.Done => 1,
            _ => 0,
        };

    private void AddJob(long jid, Status status, long runtime, long memory)
    {
        _counts[(int)status]++;
        var cell = (int)((jid - _reply.First) / _cellJobs);
        if ((uint)cell >= (uint)_statuses.Length)
            return;
        if (Attention(status) > Attention((Status)_statuses[cell]))
            _statuses[cell] = (byte)status;
        _cellRuntimes[cell] = Math.Max(_cellRuntimes[cell], runtime);
        _cellMemory[cell] = Math.Max(_cellMemory[cell], memory);
        if (runtime < 0 || !Jobs.Statuses.IsFinished(status))
            return;
        _runtimes.Add(runtime);
        if (_reply.RuntimeMaxJid > 0 && runtime <= _reply.RuntimeMaxUs)
            return;
        (_reply.RuntimeMaxUs, _reply.RuntimeMaxJid) = (runtime, jid);
    }
}
