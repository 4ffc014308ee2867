using System.Runtime.InteropServices;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Handles the signals to this process while a terminal is open.</summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registered = [];

    public void On(PosixSignal signal, Action act) =>
        _registered.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    act();
                }
            )
        );

    public void Dispose()
    {
        foreach (var one in _registered)
            one.Dispose();
    }
}
