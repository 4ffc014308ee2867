using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>A dialog over a screen; while it is open, it gets all keys.</summary>
internal abstract class Overlay(MainWindow window)
{
    protected MainWindow Window { get; } = window;

    public abstract string Title { get; }

    /// <summary>The text in the lower border: the keys, or the equivalent command; empty:
    /// none.</summary>
    public virtual string Hint => "";

    /// <summary>The preferred size, including the border.</summary>
    public abstract (int Width, int Height) Size(int maxWidth, int maxHeight);

    /// <summary>Paints the inside of the border.</summary>
    public abstract void Paint(Canvas canvas);

    public virtual bool Tick() => false;

    /// <summary>Handles a key; false: not handled. Then Esc closes the dialog and Ctrl+C
    /// quits.</summary>
    public abstract bool Press(KeyPress key);

    /// <summary>Handles the mouse, in the coordinates of its canvas.</summary>
    /// <param name="width">The width of the canvas.</param>
    /// <param name="height">The height of the canvas.</param>
    public virtual void Point(int x, int y, MouseAction pointing, int width, int height) { }

    /// <summary>Called when it has been closed.</summary>
    public virtual void Closed() { }
}
