using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs.Directories;

/// <summary>Reads the names in an opened directory as bytes, whether or not they are text
/// (getdents64(2)).</summary>
internal static unsafe partial class DirectoryEntries
{
    private const int BufferBytes = 64 * 1024;

    // struct linux_dirent64: inode and offset of 8 bytes each, the length, the type, the name.
    private const int LengthAt = 16,
        NameAt = 19;

    private static readonly int GetEntries =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    /// <summary>The names without <c>.</c> and <c>..</c>, at most so many.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static List<byte[]> NamesIn(SafeFileHandle directory, int most)
    {
        var names = new List<byte[]>();
        var buffer = new byte[BufferBytes];
        while (names.Count < most)
        {
            long count;
            fixed (byte* start = buffer)
                count = Call(GetEntries, directory.DangerousGetHandle(), start, BufferBytes);
            if (count < 0)
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            if (count == 0)
                break;
            for (var rest = buffer.AsSpan(0, (int)count); rest.Length > 0; )
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthAt..]);
                var name = rest[NameAt..length];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(name.ToArray());
                rest = rest[length..];
            }
        }
        return names.Count > most ? names[..most] : names;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, nint directory, byte* entries, nuint size);
}
