using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The user's terminal handing each key on as it is; disposing of it gives back what was, and
/// may come from any thread, any number of times.</summary>
internal sealed class RawMode : IDisposable
{
    private readonly Lock gate = new();
    private readonly int descriptor;
    private readonly byte[] before;
    private bool isOver;

    private RawMode(int descriptor, byte[] before) =>
        (this.descriptor, this.before) = (descriptor, before);

    /// <summary>Null: the descriptor is no terminal.</summary>
    public static RawMode? Enter(int descriptor)
    {
        if (Posix.TerminalMode(descriptor) is not { } before)
            return null;
        var mode = new RawMode(descriptor, before);
        mode.Again();
        return mode;
    }

    /// <summary>After the shell had the terminal in between.</summary>
    public void Again()
    {
        lock (gate)
            if (!isOver)
                Posix.SetTerminalMode(descriptor, Posix.RawOf(before));
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!isOver)
                Posix.SetTerminalMode(descriptor, before);
            isOver = true;
        }
    }
}
