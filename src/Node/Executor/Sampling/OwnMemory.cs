namespace JobCloud.Node.Executor.Sampling;

/// <summary>The most memory that the executor itself ever had, as of the last look. For the loop's
/// thread.</summary>
internal sealed class OwnMemory
{
    public long PeakBytes { get; private set; } = MemoryFiles.PeakOfSelf();

    public void Seen(long peakBytes) => PeakBytes = peakBytes;
}
