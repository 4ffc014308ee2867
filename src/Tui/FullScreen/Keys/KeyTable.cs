using System.Collections.Frozen;

namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>The keys of one screen. Dispatch, the footer and the help derive from it.</summary>
internal sealed class KeyTable
{
    private readonly FrozenDictionary<string, KeyAction> _byKey;

    /// <exception cref="ArgumentException">A key is bound to two actions.</exception>
    public KeyTable(string topic, params IReadOnlyList<KeyAction>[] actions)
    {
        Topic = topic;
        Actions = [.. actions.SelectMany(a => a), .. GlobalKeys.All];
        var byKey = new Dictionary<string, KeyAction>(StringComparer.Ordinal);
        foreach (var action in Actions)
        foreach (var key in action.Names)
            byKey.Add(key, action);
        _byKey = byKey.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The title of the help.</summary>
    public string Topic { get; }

    public IReadOnlyList<KeyAction> Actions { get; }

    public KeyAction? Find(string key) => _byKey.GetValueOrDefault(key);
}
