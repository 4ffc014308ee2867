using System.Runtime.InteropServices;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>
/// One terminal from its opening to its end. This thread shows what comes; another reads what is
/// typed. The user's own terminal is given back as it was, however this ends.
/// </summary>
internal sealed class TerminalSession(ITerminalWire wire, Terminal terminal, OpenTerminal open)
    : IDisposable
{
    private const int StandardInput = 0;
    private const int Interrupt = 2; // SIGINT
    private const int HangUp = 1; // SIGHUP
    private const int Terminate = 15; // SIGTERM

    private static readonly TimeSpan WorthAWord = TimeSpan.FromMilliseconds(500);

    private readonly InputCredit _credit = new();
    private readonly TerminalSignals _signals = new();
    private RawMode? _raw;
    private volatile SessionEnd? _brokenOff;
    private volatile bool _isOpen;
    private ITimer? _telling;
    private volatile TerminalWaits? _waits;
    private long _untaken;

    private bool HasPty => open.Pty is not null;

    /// <exception cref="ReaderGoneException">Nobody reads our output any more.</exception>
    public SessionEnd Run()
    {
        ListenToSignals();
        try
        {
            // A node that does not even listen may have said why.
            TrySend(new ToTerminal { Open = open });
            while (wire.Receive() is { } message)
                if (Hear(message) is { } end)
                    return end;
        }
        catch (IOException e) when (e is not ReaderGoneException)
        {
            // The same as an end without a word.
        }
        return _brokenOff ?? new SessionEnd.NodeGone(_isOpen);
    }

    public void Dispose()
    {
        _raw?.Dispose();
        _signals.Dispose();
        _telling?.Dispose();
    }

    private SessionEnd? Hear(FromTerminal message)
    {
        switch (message.MessageCase)
        {
            case FromTerminal.MessageOneofCase.Waits:
                Wait(message.Waits);
                break;
            case FromTerminal.MessageOneofCase.Opened:
                Open(message.Opened);
                break;
            case FromTerminal.MessageOneofCase.Output:
                Show(terminal.Output, message.Output);
                break;
            case FromTerminal.MessageOneofCase.ErrorOutput:
                Show(terminal.ErrorBytes, message.ErrorOutput);
                break;
            case FromTerminal.MessageOneofCase.Taken:
                _credit.Give(message.Taken);
                break;
            case FromTerminal.MessageOneofCase.Closed:
                return new SessionEnd.Closed(message.Closed);
            case FromTerminal.MessageOneofCase.Refusal:
                return new SessionEnd.Refused(message.Refusal);
        }
        return null;
    }

    /// <summary>A job that starts at once is not worth a word.</summary>
    private void Wait(TerminalWaits latest)
    {
        _waits = latest;
        _telling ??= terminal.Clock.CreateTimer(
            _ => TellWait(),
            null,
            WorthAWord,
            Timeout.InfiniteTimeSpan
        );
    }

    private void TellWait()
    {
        if (_isOpen || _waits is not { } latest)
            return;
        var why = latest.Why.Length > 0 ? $": {latest.Why}" : "";
        terminal.Error.WriteLine(
            $"Waiting for job {open.Jid}, which is {StatusWords.Of(latest.Status)}{why} …"
        );
    }

    private void Open(TerminalOpened opened)
    {
        _isOpen = true;
        if (HasPty && terminal.InputIsTerminal)
        {
            _raw = RawMode.Enter(StandardInput);
            // The window may have changed while the job was waited for.
            TrySend(new ToTerminal { Resize = terminal.WindowSize() });
        }
        _credit.Give(opened.WindowBytes);
        new Thread(Type) { IsBackground = true, Name = "input" }.Start();
    }

    private void Show(Stream to, ByteString bytes)
    {
        to.Write(bytes.Span);
        _untaken += bytes.Length;
        if (_untaken < TerminalScan.TakenAtLeast)
            return;
        TrySend(new ToTerminal { Taken = _untaken });
        _untaken = 0;
    }

    private void Type()
    {
        var keys = HasPty && terminal.InputIsTerminal ? new EscapeKeys() : null;
        var typed = new byte[TerminalFrames.ChunkBytes];
        var passed = new byte[EscapeKeys.MostOf(typed.Length)];
        try
        {
            int count;
            while ((count = terminal.Input.Read(typed)) > 0)
            {
                var isOver = false;
                ReadOnlySpan<byte> bytes = typed.AsSpan(0, count);
                if (keys is not null)
                {
                    isOver = keys.Pass(bytes, passed, out count);
                    bytes = passed.AsSpan(0, count);
                }
                Send(bytes);
                if (isOver)
                {
                    BreakOff(ExitCodes.Refused);
                    return;
                }
            }
            wire.Send(new ToTerminal { EndOfInput = new EndOfInput() });
        }
        catch (IOException)
        {
            // The node has gone: whoever receives says so. Or our own terminal has, and SIGHUP
            // comes.
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var size = _credit.Take(Math.Min(bytes.Length, TerminalFrames.ChunkBytes));
            wire.Send(new ToTerminal { Input = ByteString.CopyFrom(bytes[..size]) });
            bytes = bytes[size..];
        }
    }

    private void TrySend(ToTerminal message)
    {
        try
        {
            wire.Send(message);
        }
        catch (IOException)
        {
            // Whoever receives says so.
        }
    }

    private void BreakOff(int exitCode)
    {
        _raw?.Dispose();
        _brokenOff = new SessionEnd.BrokenOff(exitCode, _isOpen);
        wire.Dispose();
    }

    private void ListenToSignals()
    {
        _signals.On(PosixSignal.SIGTERM, () => BreakOff(ExitCodes.SignalBase + Terminate));
        _signals.On(PosixSignal.SIGHUP, () => BreakOff(ExitCodes.SignalBase + HangUp));
        _signals.On(PosixSignal.SIGINT, OnInterrupt);
        if (!HasPty)
            return;
        _signals.On(
            PosixSignal.SIGWINCH,
            () => TrySend(new ToTerminal { Resize = terminal.WindowSize() })
        );
        _signals.On(PosixSignal.SIGCONT, () => _raw?.Again());
    }

    // In raw mode Ctrl-C is a key like any other; this is somebody's kill(1), or a job without a
    // pty.
    private void OnInterrupt()
    {
        if (_isOpen && !HasPty)
            TrySend(new ToTerminal { Signal = Interrupt });
        else
            BreakOff(ExitCodes.SignalBase + Interrupt);
    }
}
