using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Accounts of the machine, and file accesses with the rights of an account.</summary>
internal static unsafe partial class Libc
{
    public const int ERANGE = 34;
    public const int O_PATH = 0x20_0000;
    public static readonly int O_DIRECTORY = IsArm64 ? 0x4000 : 0x1_0000;
    public static readonly int O_NOFOLLOW = IsArm64 ? 0x8000 : 0x2_0000;
    public const int AT_REMOVEDIR = 0x200;
    public const uint NoChange = uint.MaxValue;
    public const uint MFD_CLOEXEC = 1;

    private const int AT_EACCESS = 0x200,
        AT_EMPTY_PATH = 0x1000;
    private const int SYS_faccessat2 = 439;

    private static readonly int SYS_setgroups = IsArm64 ? 159 : 116;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>struct passwd of getpwnam(3).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    private struct PasswordEntry
    {
        [FieldOffset(0)]
        public byte* Name;

        [FieldOffset(16)]
        public uint User;

        [FieldOffset(20)]
        public uint Group;

        [FieldOffset(32)]
        public byte* Home;

        [FieldOffset(40)]
        public byte* Shell;
    }

    /// <summary>The account of this name; null: the machine has none.</summary>
    public static Account? AccountOf(string name)
    {
        const int FirstBytes = 16 * 1024,
            LastBytes = 1024 * 1024;
        for (var bytes = FirstBytes; bytes <= LastBytes; bytes *= 4)
        {
            var buffer = new byte[bytes];
            fixed (byte* start = buffer)
            {
                PasswordEntry entry;
                PasswordEntry* found;
                var error = getpwnam_r(name, &entry, start, (nuint)bytes, &found);
                if (error == ERANGE)
                    continue;
                return error != 0 || found is null ? null : AccountOf(entry);
            }
        }
        return null;
    }

    /// <summary>The name of a user, or the number if no account has it. Not thread-safe.</summary>
    public static string NameOf(uint user)
    {
        var entry = getpwuid(user);
        return entry is null ? $"{user}" : Marshal.PtrToStringUTF8((nint)entry->Name) ?? $"{user}";
    }

    /// <summary>Whether this thread may use a file so (access(2) with the rights that it has
    /// now).</summary>
    public static bool MayAccess(string path, int mode) =>
        faccessat2(SYS_faccessat2, AT_FDCWD, path, mode, AT_EACCESS) == 0;

    /// <summary>Gets the status of an open file.</summary>
    public static bool TryStat(int fd, out FileStatus status)
    {
        fixed (FileStatus* target = &status)
            return statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, target) == 0;
    }

    /// <summary>The supplementary groups of this process.</summary>
    public static uint[] OwnGroups()
    {
        var groups = new uint[Math.Max(0, getgroups(0, null))];
        fixed (uint* start = groups)
            _ = getgroups(groups.Length, start);
        return groups;
    }

    /// <summary>Sets the groups of the calling thread alone. The C library's function sets those of
    /// all threads.</summary>
    public static bool SetThreadGroups(uint[] groups)
    {
        fixed (uint* start = groups)
            return thread_setgroups(SYS_setgroups, groups.Length, start) == 0;
    }

    private static Account AccountOf(in PasswordEntry entry)
    {
        var name = Marshal.PtrToStringUTF8((nint)entry.Name) ?? "";
        return new(
            name,
            entry.User,
            entry.Group,
            GroupsOf(name, entry.Group),
            Marshal.PtrToStringUTF8((nint)entry.Home) ?? "/",
            Marshal.PtrToStringUTF8((nint)entry.Shell) ?? ""
        );
    }

    private static uint[] GroupsOf(string name, uint group)
    {
        const int Most = 65_536; // NGROUPS_MAX
        var count = 64;
        while (true)
        {
            var room = count;
            var groups = new uint[room];
            fixed (uint* start = groups)
            {
                if (getgrouplist(name, group, start, &count) >= 0)
                    return groups[..count];
            }
            count = Math.Max(count, 2 * room);
            if (count > Most)
                return [group];
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(
        string name,
        PasswordEntry* entry,
        byte* buffer,
        nuint size,
        PasswordEntry** found
    );

    [LibraryImport("libc")]
    private static partial PasswordEntry* getpwuid(uint user);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string user, uint group, uint* groups, int* count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getgroups(int count, uint* groups);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long thread_setgroups(long number, nint count, uint* groups);

    [LibraryImport(
        "libc",
        EntryPoint = "syscall",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial long faccessat2(
        long number,
        nint directory,
        string path,
        nint mode,
        nint flags
    );

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresuid(uint real, uint effective, uint saved);

    /// <summary>Sets the user id for file accesses of the calling thread; returns the earlier
    /// one.</summary>
    [LibraryImport("libc")]
    public static partial int setfsuid(uint user);

    /// <summary>Sets the group id for file accesses of the calling thread; returns the earlier
    /// one.</summary>
    [LibraryImport("libc")]
    public static partial int setfsgid(uint group);

    [LibraryImport("libc")]
    public static partial uint getegid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int lchown(string path, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(int fd, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int directory, byte* name, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int fd, int mode);
}
