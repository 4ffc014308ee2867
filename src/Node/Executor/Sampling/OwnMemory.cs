namespace JobCloud.Node.Executor.Sampling;

/// <summary>The executor's own peak memory, as of the last sample. Used only on the event-loop
/// thread.</summary>
internal sealed class OwnMemory
{
    public long PeakBytes { get; private set; } = MemoryFiles.PeakOfSelf();

    public void Seen(long peakBytes) => PeakBytes = peakBytes;
}
