using System.Runtime.InteropServices;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>
/// Returns memory to the operating system when <see cref="IdleMemoryPolicy"/> decides so. The
/// runtime collects garbage only when it needs room, which an idle node never does: it would keep
/// the garbage of its start, two thirds of its memory.
/// </summary>
internal sealed partial class MemoryReturn : IDisposable
{
    private readonly MemorySettings _settings;
    private readonly ITimer _timer;
    private IdleMemoryPolicy _leftovers;

    public MemoryReturn(MemorySettings settings, TimeProvider clock)
    {
        _settings = settings;
        _timer = clock.CreateTimer(
            _ => Look(),
            null,
            settings.CheckInterval,
            settings.CheckInterval
        );
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        (_leftovers, var areDue) = _leftovers.Check(GC.GetTotalAllocatedBytes(), _settings);
        if (!areDue || GC.GetGCMemoryInfo().HeapSizeBytes > _settings.MaxHeapBytes)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            // The JIT compiler's freed memory: about 8 MB after a start.
            _ = TrimHeaps(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has this function and needs it.
        }
    }

    /// <summary>malloc_trim(3).</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeaps(nuint pad);
}
