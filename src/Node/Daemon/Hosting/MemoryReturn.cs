using System.Runtime.InteropServices;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>
/// Gives memory back when there are <see cref="Leftovers"/>. The runtime collects when it needs
/// room, which an idle node never does: it would keep all that its start dropped, two thirds of
/// what it holds.
/// </summary>
internal sealed partial class MemoryReturn : IDisposable
{
    private readonly MemorySettings _settings;
    private readonly ITimer _timer;
    private Leftovers _leftovers;

    public MemoryReturn(MemorySettings settings, TimeProvider clock)
    {
        _settings = settings;
        _timer = clock.CreateTimer(_ => Look(), null, settings.LookInterval, settings.LookInterval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        (_leftovers, var areDue) = _leftovers.At(GC.GetTotalAllocatedBytes(), _settings);
        if (!areDue || GC.GetGCMemoryInfo().HeapSizeBytes > _settings.HeapMax)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            // What the runtime's compiler freed: about 8 MB after a start.
            _ = TrimHeaps(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it, and only glibc needs it.
        }
    }

    /// <summary>malloc_trim(3).</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeaps(nuint pad);
}
