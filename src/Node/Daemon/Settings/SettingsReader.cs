using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>
/// Declares settings and reads them in the same call, which states a key's type, default, bounds
/// and description. The reference, the listing and the errors derive from the declarations.
/// </summary>
internal sealed class SettingsReader(LoadedSettings loaded)
{
    /// <summary>The origin of a default value.</summary>
    private const string Reference = "reference.conf";
    private const string On = "on";
    private const string Off = "off";
    private const string Auto = "auto";

    private readonly List<Setting> _declared = [];
    private readonly Dictionary<string, SettingValue> _values = [];
    private readonly HashSet<string> _secrets = [];
    private readonly HashSet<string> _known = [];
    private readonly List<SettingsError> _errors = [.. loaded.Errors];

    /// <summary>All declarations, in order.</summary>
    public IReadOnlyList<Setting> Declared => _declared;

    /// <summary>Every effective setting with its origin; secret values are hidden.</summary>
    public IEnumerable<ConfigEntry> Listing =>
        _values
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new ConfigEntry
            {
                Key = pair.Key,
                Value = Shown(pair.Key, pair.Value),
                Origin = pair.Value.Origin,
            });

    /// <summary>All errors, including undeclared keys; read it last.</summary>
    public IReadOnlyList<SettingsError> Errors =>
        [
            .. _errors,
            .. loaded
                .Values.Where(pair => !_known.Contains(pair.Key))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => Error(pair.Key, pair.Value, "unknown setting")),
        ];

    /// <summary>Declares the description of the section <paramref name="key"/>.</summary>
    public SettingsReader Section(string key, string about)
    {
        _declared.Add(new Setting(key, null, about, ""));
        return this;
    }

    public int Count(string key, int preset, string why, int least = 1, int most = int.MaxValue)
    {
        var bounds =
            most < int.MaxValue ? $"From {least} to {most}."
            : least > 1 ? $"At least {least}."
            : "";
        return Convert(
            key,
            Declare(key, preset.ToString(CultureInfo.InvariantCulture), why, bounds),
            $"a whole number from {least} to {most}",
            text => SettingText.Count(text, least, most)
        );
    }

    /// <summary>A count; the default is <c>auto</c>, the machine's value.</summary>
    public int CountOrAuto(string key, string why, int machine, int most) =>
        Convert(
            key,
            Declare(key, Auto, why, $"From 1 to {most}."),
            $"auto, or a whole number from 1 to {most}",
            text => text == Auto ? machine : SettingText.Count(text, 1, most)
        );

    public TimeSpan Duration(string key, string preset, string why, string? least = null)
    {
        var shortest = least is null ? TimeSpan.Zero : SettingText.Duration(least)!.Value;
        return Convert(
            key,
            Declare(key, preset, why, least is null ? "" : $"At least {least}."),
            "a duration such as 200ms, 5s, 2m" + (least is null ? "" : $" of at least {least}"),
            text =>
                SettingText.Duration(text) is { } time && time >= shortest ? time : (TimeSpan?)null
        );
    }

    /// <summary>A duration; <c>off</c> is zero.</summary>
    public TimeSpan DurationOrOff(string key, string preset, string why) =>
        Convert(
            key,
            Declare(key, preset, why),
            "off, or a duration such as 200ms, 5s, 2m",
            text => text == Off ? TimeSpan.Zero : SettingText.Duration(text)
        );

    /// <summary>A size in bytes.</summary>
    public long Size(
        string key,
        string preset,
        string why,
        long least = 1,
        long most = long.MaxValue
    )
    {
        var (smallest, largest) = (SettingText.OfSize(least), SettingText.OfSize(most));
        var isBounded = most < long.MaxValue;
        return Convert(
            key,
            Declare(
                key,
                preset,
                why,
                isBounded ? $"From {smallest} to {largest}."
                    : least > 1 ? $"At least {smallest}."
                    : ""
            ),
            isBounded
                ? $"a size such as 512KiB, 16MiB, from {smallest} to {largest}"
                : "a size such as 512KiB, 16MiB, 2GiB",
            text =>
                SettingText.Size(text) is { } size && size >= least && size <= most
                    ? size
                    : (long?)null
        );
    }

    /// <summary>A size in bytes; <c>off</c> is zero.</summary>
    public long SizeOrOff(string key, string preset, string why) =>
        Convert(
            key,
            Declare(key, preset, why),
            "off, or a size such as 512KiB, 16MiB, 2GiB",
            text => text == Off ? 0 : SettingText.Size(text)
        );

    /// <summary>A size in bytes; the default is <c>auto</c>, the machine's value.</summary>
    public long SizeOrAuto(string key, string why, long machine) =>
        Convert(
            key,
            Declare(key, Auto, why),
            "auto, or a size such as 512MiB, 2GiB",
            text =>
                text == Auto ? machine
                : SettingText.Size(text) is > 0 and var size ? size
                : (long?)null
        );

    /// <param name="names">The first is the default.</param>
    public string OneOf(string key, string why, params string[] names)
    {
        var text = Text(
            key,
            names[0],
            why,
            $"one of {string.Join(", ", names)}",
            text => names.Contains(text)
        );
        return names.Contains(text) ? text : names[0];
    }

    /// <summary>Whether a setting is <c>on</c>; the default is <c>off</c>.</summary>
    public bool IsOn(string key, string why) => IsOn(key, Declare(key, Off, why));

    public string Text(string key, string preset, string why) => Declare(key, preset, why).Text;

    /// <summary>A text that <paramref name="isValid"/> accepts.</summary>
    public string Text(
        string key,
        string preset,
        string why,
        string expected,
        Func<string, bool> isValid
    ) => Checked(key, Declare(key, preset, why), expected, isValid);

    /// <summary>A text whose value is never shown.</summary>
    public string Secret(string key, string why)
    {
        _secrets.Add(key);
        return Text(key, "", why);
    }

    public IReadOnlyList<string> List(string key, IReadOnlyList<string> preset, string why) =>
        List(key, Declare(key, $"[{string.Join(", ", preset)}]", why, items: preset));

    /// <summary>The names directly under <paramref name="key"/>, for a section whose names the user
    /// chooses. Settings under them are read by key alone and have no defaults.</summary>
    public IReadOnlyList<string> Names(string key) =>
        [
            .. loaded
                .Values.Keys.Where(full => full.StartsWith($"{key}.", StringComparison.Ordinal))
                .Select(full => full[(key.Length + 1)..].Split('.')[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    public string Text(string key) => Find(key)?.Text ?? "";

    public bool IsOn(string key) => Find(key) is { } value && IsOn(key, value);

    public IReadOnlyList<string> List(string key) => Find(key) is { } value ? List(key, value) : [];

    /// <summary>A size in bytes; the key must be set.</summary>
    public long Size(string key) =>
        Convert(
            key,
            Find(key) ?? new SettingValue("", "nowhere"),
            "a size such as 512KiB, 16MiB, 2GiB",
            SettingText.Size
        );

    /// <summary>Adds an error that only a combination of settings shows.</summary>
    public void Refuse(string key, string expected) =>
        _errors.Add(Error(key, _values[key], $"expected {expected}"));

    /// <summary>Adds an error about a whole section.</summary>
    public void AddError(string section, string problem) =>
        _errors.Add(new SettingsError($"{section}: {problem}"));

    private SettingValue Declare(
        string key,
        string preset,
        string why,
        string bounds = "",
        IReadOnlyList<string>? items = null
    )
    {
        var byDefault = new SettingValue(preset, Reference, items);
        _declared.Add(new Setting(key, byDefault, why, bounds));
        return _values[key] = Find(key) ?? byDefault;
    }

    private SettingValue? Find(string key)
    {
        _known.Add(key);
        if (loaded.Values.TryGetValue(key, out var value))
            _values[key] = value;
        return value;
    }

    private T Convert<T>(string key, SettingValue value, string expected, Func<string, T?> convert)
        where T : struct
    {
        if (convert(value.Text) is { } converted)
            return converted;
        _errors.Add(Error(key, value, $"expected {expected}"));
        return default;
    }

    private string Checked(
        string key,
        SettingValue value,
        string expected,
        Func<string, bool> isValid
    )
    {
        if (!isValid(value.Text))
            _errors.Add(Error(key, value, $"expected {expected}"));
        return value.Text;
    }

    private bool IsOn(string key, SettingValue value) =>
        Checked(key, value, "on or off", static text => text is "" or On or Off) == On;

    private IReadOnlyList<string> List(string key, SettingValue value)
    {
        if (value.Items is { } items)
            return items;
        // The parser reads an empty list as an empty text.
        if (value.Text.Length > 0)
            _errors.Add(Error(key, value, "expected a list such as [a, b]"));
        return [];
    }

    private SettingsError Error(string key, SettingValue value, string problem) =>
        SettingsError.Of(key, Shown(key, value), value.Origin, problem);

    private string Shown(string key, SettingValue value) =>
        _secrets.Contains(key) && value.Text.Length > 0 ? "(not shown)" : value.Text;
}
