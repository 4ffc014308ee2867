using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The user's terminal handing each key on as it is; disposing of it gives back what was,
/// and may come from any thread, any number of times.</summary>
internal sealed class RawMode : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _descriptor;
    private readonly byte[] _before;
    private bool _isOver;

    private RawMode(int descriptor, byte[] before) => (_descriptor, _before) = (descriptor, before);

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
        lock (_gate)
            if (!_isOver)
                Posix.SetTerminalMode(_descriptor, Posix.RawOf(_before));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isOver)
                Posix.SetTerminalMode(_descriptor, _before);
            _isOver = true;
        }
    }
}
