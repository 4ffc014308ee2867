using System.Buffers.Text;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The kernel's texts of lines <c>WORD NUMBER</c>: memory.stat, memory.events, cpu.stat,
/// memory.oom_control, cpuacct.stat, cgroup.events.</summary>
internal static class KeyedText
{
    /// <summary>The number in the line of this word; -1: there is none.</summary>
    public static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (
                line.Length > word.Length
                && line[word.Length] == ' '
                && line.StartsWith(word)
                && Utf8Parser.TryParse(line[(word.Length + 1)..], out long number, out _)
            )
                return number;
        }
        return -1;
    }

    /// <summary>The numbers of a list, one a line, as cgroup.procs has it.</summary>
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
