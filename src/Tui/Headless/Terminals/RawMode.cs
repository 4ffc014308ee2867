using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>
/// Raw mode of the user's terminal: every key is passed on unchanged. <see cref="Dispose"/>
/// restores the previous mode; any thread can call it, any number of times.
/// </summary>
internal sealed class RawMode : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _descriptor;
    private readonly byte[] _before;
    private bool _isRestored;

    private RawMode(int descriptor, byte[] before) => (_descriptor, _before) = (descriptor, before);

    /// <summary>Enters raw mode; null if the descriptor is not a terminal.</summary>
    public static RawMode? Enter(int descriptor)
    {
        if (Posix.TerminalMode(descriptor) is not { } before)
            return null;
        var mode = new RawMode(descriptor, before);
        mode.Reapply();
        return mode;
    }

    /// <summary>Sets raw mode again, after the shell used the terminal.</summary>
    public void Reapply()
    {
        lock (_gate)
            if (!_isRestored)
                Posix.SetTerminalMode(_descriptor, Posix.RawOf(_before));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isRestored)
                Posix.SetTerminalMode(_descriptor, _before);
            _isRestored = true;
        }
    }
}
