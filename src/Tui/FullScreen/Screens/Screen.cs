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

    /// <summary>Called every second for a root screen, whatever is on top.</summary>
    public virtual void Watch() { }

    /// <summary>The processing jobs whose usage it shows; read ten times per second while it is on
    /// top.</summary>
    public virtual IReadOnlyList<long> VisibleJobs => [];

    /// <summary>Called when it comes to the top, for the first time or again.</summary>
    public virtual void Shown() { }

    /// <summary>Whether it can show the past.</summary>
    public virtual bool ShowsPast => true;

    /// <summary>Called when another instant is shown.</summary>
    public virtual void Moved() { }

    /// <summary>Called when it has been closed.</summary>
    public virtual void Closed() { }

    /// <summary>Whether characters go into a text field now.</summary>
    public virtual bool IsTyping => false;

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

    /// <summary>Runs an action, or says why it cannot be done now.</summary>
    public void Do(KeyAction action)
    {
        var handler = _handlers[action];
        if (Can(action))
            handler.Run();
        else
            Window.ShowToast(
                handler.Why.Length > 0
                    ? handler.Why
                    : $"{action.Names[0]} ({action.Label}) does nothing here."
            );
    }

    /// <summary>Binds an action of the key table to a handler.</summary>
    /// <param name="why">Why it cannot be done when <paramref name="when"/> is false.</param>
    protected void On(KeyAction action, Action run, Func<bool>? when = null, string why = "") =>
        _handlers.Add(action, new Handler(run, when, why));

    /// <summary>Binds the list keys to a cursor.</summary>
    /// <param name="taken">Handles a move by a number of rows elsewhere; false: the cursor
    /// moves.</param>
    protected void OnMoves<TRow, TKey>(RowCursor<TRow, TKey> rows, Func<int, bool>? taken = null)
        where TRow : class
        where TKey : struct, IEquatable<TKey>
    {
        On(ListKeys.Down, () => Move(1));
        On(ListKeys.Up, () => Move(-1));
        On(ListKeys.First, () => Move(-rows.Rows.Count));
        On(ListKeys.Last, () => Move(rows.Rows.Count));
        On(ListKeys.PageDown, () => Move(rows.Height));
        On(ListKeys.PageUp, () => Move(-rows.Height));
        On(ListKeys.HalfDown, () => Move(rows.Height / 2));
        On(ListKeys.HalfUp, () => Move(-rows.Height / 2));

        void Move(int by)
        {
            if (taken?.Invoke(by) != true)
                rows.Move(by);
        }
    }

    private sealed record Handler(Action Run, Func<bool>? When, string Why);
}

/// <summary>A mouse action.</summary>
internal enum MouseAction
{
    Click,
    DoubleClick,
    WheelUp,
    WheelDown,
}
