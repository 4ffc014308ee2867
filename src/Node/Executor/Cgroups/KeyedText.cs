using System.Buffers.Text;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Parses kernel files with lines of the form <c>KEY NUMBER</c>: memory.stat,
/// memory.events, cpu.stat, memory.oom_control, cpuacct.stat, cgroup.events.</summary>
internal static class KeyedText
{
    /// <summary>The number in the line with this key; -1: no such line.</summary>
    public static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (
                line.Length > key.Length
                && line[key.Length] == ' '
                && line.StartsWith(key)
                && Utf8Parser.TryParse(line[(key.Length + 1)..], out long number, out _)
            )
                return number;
        }
        return -1;
    }

    /// <summary>The numbers of a list with one number per line, such as cgroup.procs.</summary>
    public static List<int> Numbers(ReadOnlySpan<byte> text)
    {
        var numbers = new List<int>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (Utf8Parser.TryParse(text[range], out int number, out _))
                numbers.Add(number);
        }
        return numbers;
    }
}
