using System.Globalization;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Turns texts into typed values; remembers what was wrong and what nobody asked for.</summary>
public sealed class SettingsReader(LoadedSettings loaded)
{
    private static readonly (string Suffix, double Milliseconds)[] Durations =
    [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    private static readonly (string Suffix, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
        ("", 1),
    ];
    private static readonly SettingValue Absent = new("", "nowhere");

    private readonly HashSet<string> _read = [];
    private readonly List<SettingsTrouble> _troubles = [.. loaded.Troubles];

    /// <summary>Keys that were read, for the test that none is forgotten.</summary>
    public IReadOnlySet<string> KeysRead => _read;

    /// <summary>All that is wrong, keys that nobody read included; call it last.</summary>
    public IReadOnlyList<SettingsTrouble> Troubles =>
        [
            .. _troubles,
            .. loaded
                .Values.Where(pair => !_read.Contains(pair.Key))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => SettingsTrouble.Unknown(pair.Key, pair.Value)),
        ];

    public string Text(string key) => Raw(key).Text;

    public int Count(string key, int least = 1, int most = int.MaxValue) =>
        Read(key, $"a whole number from {least} to {most}", text => CountOf(text, least, most));

    /// <summary>A count, or what the machine has.</summary>
    public int CountOrAuto(string key, int machine, int most) =>
        Read(
            key,
            $"auto, or a whole number from 1 to {most}",
            text => text == "auto" ? machine : CountOf(text, 1, most)
        );

    public TimeSpan Duration(string key, TimeSpan? least = null) =>
        Read(
            key,
            $"a duration such as 200ms, 5s, 2m{AtLeast(least)}",
            text =>
                DurationOf(text) is { } time && time >= (least ?? TimeSpan.Zero)
                    ? time
                    : (TimeSpan?)null
        );

    /// <summary>A duration; zero for <c>off</c>.</summary>
    public TimeSpan DurationOrOff(string key) =>
        Read(
            key,
            "off, or a duration such as 200ms, 5s, 2m",
            text => text == "off" ? TimeSpan.Zero : DurationOf(text)
        );

    /// <summary>Bytes.</summary>
    public long Size(string key, long least = 1, long most = long.MaxValue) =>
        Read(
            key,
            most == long.MaxValue
                ? "a size such as 512KiB, 16MiB, 2GiB"
                : $"a size such as 512KiB, 16MiB, from {least} to {most} bytes",
            text => SizeOf(text) is { } size && size >= least && size <= most ? size : (long?)null
        );

    /// <summary>Bytes; zero for <c>off</c>.</summary>
    public long SizeOrOff(string key) =>
        Read(
            key,
            "off, or a size such as 512KiB, 16MiB, 2GiB",
            text => text == "off" ? 0 : SizeOf(text)
        );

    /// <summary>Bytes, or what the machine has.</summary>
    public long SizeOrAuto(string key, long machine) =>
        Read(
            key,
            "auto, or a size such as 512MiB, 2GiB",
            text =>
                text == "auto" ? machine
                : SizeOf(text) is > 0 and var size ? size
                : (long?)null
        );

    public string OneOf(string key, params string[] names)
    {
        var value = Raw(key);
        if (names.Contains(value.Text))
            return value.Text;
        _troubles.Add(SettingsTrouble.Value(key, value, $"one of {string.Join(", ", names)}"));
        return names[0];
    }

    /// <summary>Whether it is <c>on</c>; absent or empty: off.</summary>
    public bool IsOn(string key) =>
        Text(key, "on or off", text => text is "" or "on" or "off") == "on";

    /// <summary>A text that <paramref name="good"/> accepts.</summary>
    public string Text(string key, string expected, Func<string, bool> good)
    {
        var value = Raw(key);
        if (!good(value.Text))
            _troubles.Add(SettingsTrouble.Value(key, value, expected));
        return value.Text;
    }

    public IReadOnlyList<string> List(string key)
    {
        var value = Raw(key);
        if (value.Items is { } items)
            return items;
        // The parser gives an empty list as an empty text.
        if (value.Text.Length > 0)
            _troubles.Add(SettingsTrouble.Value(key, value, "a list such as [a, b]"));
        return [];
    }

    /// <summary>Names right under <paramref name="key"/>, for a section whose names are the user's.</summary>
    public IReadOnlyList<string> Names(string key) =>
        [
            .. loaded
                .Values.Keys.Where(full => full.StartsWith($"{key}.", StringComparison.Ordinal))
                .Select(full => full[(key.Length + 1)..].Split('.')[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Adds what only the sum of several settings shows.</summary>
    public void Refuse(string key, string expected) =>
        _troubles.Add(SettingsTrouble.Value(key, Raw(key), expected));

    /// <summary>Adds what is wrong with a whole section, in a sentence.</summary>
    public void Complain(string section, string problem) =>
        _troubles.Add(new SettingsTrouble($"{section}: {problem}"));

    private SettingValue Raw(string key)
    {
        _read.Add(key);
        return loaded.Values.GetValueOrDefault(key, Absent);
    }

    private T Read<T>(string key, string expected, Func<string, T?> convert)
        where T : struct
    {
        var value = Raw(key);
        if (convert(value.Text) is { } converted)
            return converted;
        _troubles.Add(SettingsTrouble.Value(key, value, expected));
        return default;
    }

    private static string AtLeast(TimeSpan? least) =>
        least is { } time ? $" of at least {time.TotalMilliseconds}ms" : "";

    private static int? CountOf(string text, int least, int most) =>
        int.TryParse(
            text,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number >= least
        && number <= most
            ? number
            : null;

    private static TimeSpan? DurationOf(string text)
    {
        foreach (var (suffix, milliseconds) in Durations)
            if (NumberBefore(text, suffix) is { } number && number * milliseconds < 1e12)
                return TimeSpan.FromMilliseconds(number * milliseconds);
        return null;
    }

    private static long? SizeOf(string text)
    {
        foreach (var (suffix, bytes) in Sizes)
            if (NumberBefore(text, suffix) is { } number && number * bytes < 1e18)
                return (long)(number * bytes);
        return null;
    }

    private static double? NumberBefore(string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.Ordinal)
        && double.TryParse(
            text.AsSpan(0, text.Length - suffix.Length).TrimEnd(),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
