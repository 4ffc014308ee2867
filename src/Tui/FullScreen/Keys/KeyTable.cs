using System.Collections.Frozen;

namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>The keys of one screen. Dispatch, the footer and the help derive from it.</summary>
internal sealed class KeyTable
{
    private readonly FrozenDictionary<string, Act> _byKey;

    /// <exception cref="ArgumentException">A key is bound to two actions.</exception>
    public KeyTable(string topic, params IReadOnlyList<Act>[] acts)
    {
        Topic = topic;
        Acts = [.. acts.SelectMany(a => a), .. GlobalKeys.All];
        var byKey = new Dictionary<string, Act>(StringComparer.Ordinal);
        foreach (var act in Acts)
        foreach (var key in act.Names)
            byKey.Add(key, act);
        _byKey = byKey.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The title of the help.</summary>
    public string Topic { get; }

    public IReadOnlyList<Act> Acts { get; }

    public Act? Find(string key) => _byKey.GetValueOrDefault(key);
}
