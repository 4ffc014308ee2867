using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>A screen between header and footer. All members run on the UI thread.</summary>
internal abstract class Screen(MainWindow window, KeyTable keys)
{
    private readonly Dictionary<KeyAction, Handler> _handlers = [];

    protected MainWindow Window { get; } = window;

    /// <summary>Its keys, including the global ones.</summary>
    public KeyTable Keys { get; } = keys;

    /// <summary>Its name in the breadcrumbs.</summary>
    public abstract string Crumb { get; }

    /// <summary>The text at the right of the breadcrumbs; empty: none.</summary>
    public virtual string Aside => "";

    public abstract void Paint(Canvas canvas);

    /// <summary>Called ten times per second while it is on top; returns whether to
    /// repaint.</summary>
    public virtual bool Tick() => false;

    /// <summary>The processing jobs whose usage it shows; read ten times per second while it is on
    /// top.</summary>
    public virtual IReadOnlyList<long> VisibleJobs => [];

    /// <summary>Called when it comes to the top, for the first time or again.</summary>
    public virtual void Shown() { }

    /// <summary>Called when it has been closed.</summary>
    public virtual void Closed() { }

    /// <summary>Handles a key before the key table, for a screen with text input; false: not
    /// handled.</summary>
    public virtual bool Type(KeyPress key) => false;

    /// <summary>Clears a filter, selection or similar when Esc is pressed; false: nothing to clear,
    /// go back.</summary>
    public virtual bool Clear() => false;

    /// <summary>Handles the mouse, in the coordinates of its canvas.</summary>
    public virtual void Point(int x, int y, MouseAction pointing) { }

    /// <summary>Whether the action is available now; the footer shows only available
    /// ones.</summary>
    public bool Can(KeyAction action) =>
        _handlers.TryGetValue(action, out var handler) && (handler.When?.Invoke() ?? true);

    public bool Handles(KeyAction action) => _handlers.ContainsKey(action);

    public void Do(KeyAction action)
    {
        if (Can(action))
            _handlers[action].Run();
    }

    /// <summary>Binds an action of the key table to a handler.</summary>
    protected void On(KeyAction action, Action run, Func<bool>? when = null) =>
        _handlers.Add(action, new Handler(run, when));

    /// <summary>Binds the list keys to a cursor.</summary>
    protected void OnMoves<TRow, TKey>(RowCursor<TRow, TKey> rows)
        where TRow : class
        where TKey : struct, IEquatable<TKey>
    {
        On(ListKeys.Down, () => rows.Move(1));
        On(ListKeys.Up, () => rows.Move(-1));
        On(ListKeys.First, () => rows.GoTo(0));
        On(ListKeys.Last, () => rows.GoTo(rows.Rows.Count - 1));
        On(ListKeys.PageDown, () => rows.Move(rows.Height));
        On(ListKeys.PageUp, () => rows.Move(-rows.Height));
        On(ListKeys.HalfDown, () => rows.Move(rows.Height / 2));
        On(ListKeys.HalfUp, () => rows.Move(-rows.Height / 2));
    }

    private sealed record Handler(Action Run, Func<bool>? When);
}

/// <summary>A mouse action.</summary>
internal enum MouseAction
{
    Click,
    DoubleClick,
    WheelUp,
    WheelDown,
}
