namespace JobCloud.Testing;

/// <summary>A frozen process stands in for one that waits for a broken disk: its state is D, and
/// SIGKILL does not end it.</summary>
public sealed class FrozenProcess : IAsyncDisposable
{
    internal const string Root = "/sys/fs/cgroup/freezer";
    private readonly string _folder = $"{Root}/jobcloud-test-{Guid.NewGuid():N}";

    private FrozenProcess() => Directory.CreateDirectory(_folder);

    /// <summary>Freezes a running process.</summary>
    public static async Task<FrozenProcess> FreezeAsync(int pid)
    {
        var frozen = new FrozenProcess();
        await File.WriteAllTextAsync($"{frozen._folder}/cgroup.procs", $"{pid}");
        frozen.Set("FROZEN");
        await Eventually.HoldsAsync(
            () => File.ReadAllText($"{frozen._folder}/freezer.state") == "FROZEN\n",
            "the process is frozen"
        );
        return frozen;
    }

    public void Thaw() => Set("THAWED");

    /// <summary>Waits for its end, which the test must have caused.</summary>
    public async ValueTask DisposeAsync()
    {
        Thaw();
        await Eventually.HoldsAsync(
            () => File.ReadAllText($"{_folder}/cgroup.procs").Length == 0,
            "the process has ended"
        );
        Directory.Delete(_folder);
    }

    private void Set(string state) => File.WriteAllText($"{_folder}/freezer.state", state);
}
