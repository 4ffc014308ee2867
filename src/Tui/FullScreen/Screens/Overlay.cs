using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>A dialog over a screen; while it is there, all keys are its own.</summary>
internal abstract class Overlay(Frame frame)
{
    protected Frame Frame { get; } = frame;

    public abstract string Title { get; }

    /// <summary>In the lower rule: what the keys do, or the command that would do the same; empty:
    /// nothing.</summary>
    public virtual string Hint => "";

    /// <summary>How large it wants to be, its frame included.</summary>
    public abstract (int Width, int Height) Size(int mostWidth, int mostHeight);

    /// <summary>What is inside of its frame.</summary>
    public abstract void Paint(Canvas canvas);

    public virtual bool Tick() => false;

    /// <summary>False: the key is not its own; then Esc closes it and Ctrl+C leaves
    /// JobCloud.</summary>
    public abstract bool Press(KeyPress key);

    /// <summary>It is gone, however it was closed.</summary>
    public virtual void Closed() { }
}
