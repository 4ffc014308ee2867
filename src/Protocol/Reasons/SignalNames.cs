namespace JobCloud.Protocol.Reasons;

/// <summary>Descriptions of Linux signals (signal(7), x86 and ARM numbers).</summary>
public static class SignalNames
{
    private static readonly Dictionary<int, string> Meanings = new()
    {
        [1] = "hangup",
        [2] = "interrupt",
        [3] = "quit",
        [4] = "illegal instruction",
        [5] = "trace trap",
        [6] = "aborted",
        [7] = "bus error",
        [8] = "arithmetic error",
        [9] = "killed",
        [10] = "user signal 1",
        [11] = "segmentation fault",
        [12] = "user signal 2",
        [13] = "broken pipe",
        [14] = "alarm clock",
        [15] = "terminated",
        [16] = "stack fault",
        [24] = "CPU time limit exceeded",
        [25] = "file size limit exceeded",
        [31] = "bad system call",
    };

    /// <summary><c>signal 11 (segmentation fault)</c>.</summary>
    public static string Describe(long signal) =>
        Meanings.TryGetValue((int)signal, out var meaning)
            ? $"signal {signal} ({meaning})"
            : $"signal {signal}";
}
