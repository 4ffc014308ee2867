using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Client.Processes;

/// <summary>A NULL-terminated array of C strings.</summary>
internal sealed unsafe class StringArray : IDisposable
{
    private readonly int _count;

    public StringArray(IReadOnlyList<string> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(strings[i] + '\0');
            Pointer[i] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
        }
    }

    public byte** Pointer { get; }

    /// <summary>The environment of this process, as NAME=VALUE.</summary>
    public static List<string> OfEnvironment()
    {
        var list = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            list.Add($"{entry.Key}={entry.Value}");
        return list;
    }

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
            NativeMemory.Free(Pointer[i]);
        NativeMemory.Free(Pointer);
    }
}
