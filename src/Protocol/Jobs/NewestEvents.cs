using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Jobs;

/// <summary>Keeps the newest of the events added, up to a number and a size.</summary>
public sealed class NewestEvents(int most, long mostBytes)
{
    private readonly PriorityQueue<JobEvent, (long At, long Order)> _kept = new();
    private long _bytes;
    private long _added;

    /// <summary>Whether some of the events added are not kept.</summary>
    public bool IsCut { get; private set; }

    /// <param name="byTime">False for events that are added in their order.</param>
    public void Add(JobEvent e, bool byTime)
    {
        _kept.Enqueue(e, (byTime ? e.At : 0, _added++));
        _bytes += e.CalculateSize();
        while (_kept.Count > most || (_bytes > mostBytes && _kept.Count > 1))
        {
            _bytes -= _kept.Dequeue().CalculateSize();
            IsCut = true;
        }
    }

    /// <summary>Removes the events, oldest first.</summary>
    public IEnumerable<JobEvent> TakeAll()
    {
        while (_kept.TryDequeue(out var e, out _))
            yield return e;
        _bytes = 0;
    }
}
