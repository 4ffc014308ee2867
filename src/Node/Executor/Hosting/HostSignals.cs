using System.Runtime.InteropServices;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Passes the signals that the executor understands to its host, on the event
/// loop.</summary>
internal sealed class HostSignals : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Func<ExecutorHost?> _host;
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="host">Returns the host once the loop runs.</param>
    /// <param name="foreground">Whether the end of the terminal ends the executor.</param>
    public HostSignals(EventLoop loop, Func<ExecutorHost?> host, bool foreground)
    {
        (_loop, _host) = (loop, host);
        On(PosixSignal.SIGTERM, static host => host.RequestEnd());
        On(PosixSignal.SIGINT, static host => host.RequestEnd());
        On(PosixSignal.SIGQUIT, static host => host.RequestEndNow());
        On(PosixSignal.SIGHUP, foreground ? static host => host.RequestEnd() : static _ => { });
        On((PosixSignal)Libc.SIGUSR1, static host => host.RequestNodeStop());
        On((PosixSignal)Libc.SIGUSR2, static host => host.RequestNodeStart());
        // The runtime also handles SIGCHLD. The reaper waits for children here, and a signal for
        // each of thousands would only cost time.
        Libc.ResetSignal(Libc.SIGCHLD);
    }

    public void Dispose() => _registrations.ForEach(static one => one.Dispose());

    private void On(PosixSignal signal, Action<ExecutorHost> act) =>
        _registrations.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    _loop.Post(_ =>
                    {
                        if (_host() is { } host)
                            act(host);
                    });
                }
            )
        );
}
