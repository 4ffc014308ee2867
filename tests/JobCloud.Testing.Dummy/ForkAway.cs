using System.Runtime.InteropServices;

namespace JobCloud.Testing.Dummy;

/// <summary>Leaves a daemon behind, as daemons are made: two generations, each in a session of its
/// own, of which the first ends at once. By posix_spawn(3): a runtime does not survive a bare
/// fork.</summary>
internal static unsafe partial class ForkAway
{
    private const short SetSession = 0x80;
    private const int OpaqueBytes = 512;

    /// <summary>The daemon sleeps for so many seconds; its caller goes on at once.</summary>
    public static int Sleep(string seconds, bool isFirst) =>
        isFirst
            ? Spawn(Environment.ProcessPath!, "fork-away-again", seconds)
            : Spawn("/bin/sleep", seconds);

    /// <summary>Returns 0 or an error.</summary>
    private static int Spawn(params string[] words)
    {
        var attributes = stackalloc byte[OpaqueBytes];
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawnattr_setflags(attributes, SetSession);
        var arguments = stackalloc byte*[words.Length + 1];
        for (var i = 0; i < words.Length; i++)
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(words[i]);
        arguments[words.Length] = null;
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
