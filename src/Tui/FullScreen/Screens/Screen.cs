using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>What fills the space between header and footer. All its members run on the one thread
/// of the UI.</summary>
internal abstract class Screen(Frame frame, KeyTable keys)
{
    private readonly Dictionary<Act, Handler> _handlers = [];

    protected Frame Frame { get; } = frame;

    /// <summary>Its keys, those of the frame included.</summary>
    public KeyTable Keys { get; } = keys;

    /// <summary>Its name in the line of crumbs.</summary>
    public abstract string Crumb { get; }

    /// <summary>At the right of the line of crumbs; empty: nothing.</summary>
    public virtual string Aside => "";

    public abstract void Paint(Canvas canvas);

    /// <summary>Ten times a second while it is on top; says whether it must be painted for
    /// that.</summary>
    public virtual bool Tick() => false;

    /// <summary>Processing jobs of which it shows what they use; asked ten times a second while it
    /// is on top.</summary>
    public virtual IReadOnlyList<long> Looked => [];

    /// <summary>It is shown, for the first time or again.</summary>
    public virtual void Shown() { }

    /// <summary>It was left for good.</summary>
    public virtual void Closed() { }

    /// <summary>A key before the key table is asked, for a screen in which one types; false: the
    /// table's.</summary>
    public virtual bool Type(KeyPress key) => false;

    /// <summary>Clears what Esc clears first, such as a filter; false: there is nothing, go
    /// back.</summary>
    public virtual bool Clear() => false;

    /// <summary>The mouse, in the coordinates of its canvas.</summary>
    public virtual void Point(int x, int y, Pointing pointing) { }

    /// <summary>Whether the act can be done now; the footer shows only those.</summary>
    public bool Can(Act act) =>
        _handlers.TryGetValue(act, out var handler) && (handler.When?.Invoke() ?? true);

    public bool Handles(Act act) => _handlers.ContainsKey(act);

    public void Do(Act act)
    {
        if (Can(act))
            _handlers[act].Run();
    }

    /// <summary>Says what an act of its key table does.</summary>
    protected void On(Act act, Action run, Func<bool>? when = null) =>
        _handlers.Add(act, new Handler(run, when));

    /// <summary>The keys of a list move a cursor.</summary>
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

/// <summary>What the mouse did.</summary>
internal enum Pointing
{
    Click,
    DoubleClick,
    WheelUp,
    WheelDown,
}
