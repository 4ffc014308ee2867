using System.Globalization;
using System.Text;

namespace JobCloud.Protocol.Attempts;

/// <summary>The environment variable that tells which attempt a process belongs to.</summary>
public static class JobMark
{
    public const string VariableName = "JOBCLOUD_MARK";

    private static readonly byte[] Prefix = Encoding.UTF8.GetBytes(VariableName + "=");

    /// <summary>Whether a <c>NAME=value</c> is the mark.</summary>
    public static bool IsVariable(string variable) =>
        variable.StartsWith($"{VariableName}=", StringComparison.Ordinal);

    /// <summary>The mark's value: <c>JID.ATTEMPT@HOME</c>.</summary>
    public static string For(AttemptId id, string home) =>
        string.Create(CultureInfo.InvariantCulture, $"{id.Jid}.{id.Number}@{home}");

    /// <summary>Finds the mark of a home in an environment as the kernel shows it; null: it has
    /// none.</summary>
    public static AttemptId? Find(ReadOnlySpan<byte> environment, string home)
    {
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var variable = end < 0 ? environment : environment[..end];
            if (variable.StartsWith(Prefix))
                return Parse(Encoding.UTF8.GetString(variable[Prefix.Length..]), home);
            environment = end < 0 ? [] : environment[(end + 1)..];
        }
        return null;
    }

    private static AttemptId? Parse(string value, string home)
    {
        var at = value.IndexOf('@', StringComparison.Ordinal);
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || at < dot || !value.AsSpan(at + 1).SequenceEqual(home))
            return null;
        var culture = CultureInfo.InvariantCulture;
        return
            long.TryParse(value.AsSpan(0, dot), culture, out var jid)
            && int.TryParse(value.AsSpan(dot + 1, at - dot - 1), culture, out var number)
            ? new AttemptId(jid, number)
            : null;
    }
}
