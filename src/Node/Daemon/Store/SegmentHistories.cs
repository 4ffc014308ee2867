using System.Diagnostics;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Reads the histories of segments that become one row: one at a time, and at most half of
/// the time, so that the node has time for its jobs.</summary>
internal sealed class SegmentHistories(JournalReader journal)
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The events of a segment up to a row; null: a row is damaged.</summary>
    /// <exception cref="System.Data.Common.DbException">The store is not available.</exception>
    public async Task<SegmentHistory?> ReadAsync(long segment, long to)
    {
        await _turn.WaitAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            var history = await Task.Run(() => FoldAsync(segment, to));
            await Task.Delay(Stopwatch.GetElapsedTime(began));
            return history;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SegmentHistory?> FoldAsync(long segment, long to)
    {
        var history = new SegmentHistory();
        await foreach (var row in journal.ReadRawAsync(segment, to, CancellationToken.None))
            switch (row)
            {
                case SegmentCompacted compacted:
                    history.Add(compacted);
                    break;
                case JobsChanged changed:
                    history.Add(changed.Events);
                    break;
                default:
                    return null;
            }
        return history;
    }
}
