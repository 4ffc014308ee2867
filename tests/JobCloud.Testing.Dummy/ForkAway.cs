using System.Runtime.InteropServices;

namespace JobCloud.Testing.Dummy;

/// <summary>Leaves a daemon in the usual way: two generations, each in its own session, the first
/// of which exits at once. Uses posix_spawn(3), because a runtime does not survive a bare
/// fork.</summary>
internal static unsafe partial class ForkAway
{
    private const short SetSession = 0x80;
    private const int OpaqueBytes = 512;

    /// <summary>Starts a daemon that sleeps for this many seconds; returns at once.</summary>
    public static int Sleep(string seconds, bool isFirst) =>
        isFirst
            ? Spawn(Environment.ProcessPath!, "fork-away-again", seconds)
            : Spawn("/bin/sleep", seconds);

    /// <summary>Returns 0 or an errno.</summary>
    private static int Spawn(params string[] command)
    {
        var attributes = stackalloc byte[OpaqueBytes];
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawnattr_setflags(attributes, SetSession);
        var arguments = stackalloc byte*[command.Length + 1];
        for (var i = 0; i < command.Length; i++)
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(command[i]);
        arguments[command.Length] = null;
        var environment = stackalloc byte*[]
        {
            Variable("JOBCLOUD_MARK"),
            Variable("DOTNET_ROOT"),
            null,
        };
        int pid;
        return posix_spawn(&pid, arguments[0], null, attributes, arguments, environment);
    }

    private static byte* Variable(string name) =>
        (byte*)Marshal.StringToCoTaskMemUTF8($"{name}={Environment.GetEnvironmentVariable(name)}");

    [LibraryImport("libc")]
    private static partial int posix_spawn(
        int* pid,
        byte* path,
        byte* actions,
        byte* attributes,
        byte** arguments,
        byte** environment
    );

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);
}
