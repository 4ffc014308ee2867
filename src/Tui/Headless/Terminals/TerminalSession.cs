using System.Runtime.InteropServices;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>One terminal session. This thread prints the output, and another reads the input. The
/// mode of the user's terminal is always restored.</summary>
internal sealed class TerminalSession(
    ITerminalConnection wire,
    CommandProcess terminal,
    OpenTerminal open
) : IDisposable
{
    private const int StandardInput = 0;
    private const int Interrupt = 2; // SIGINT
    private const int HangUp = 1; // SIGHUP
    private const int Terminate = 15; // SIGTERM

    private static readonly TimeSpan WaitNoticeDelay = TimeSpan.FromMilliseconds(500);

    private readonly InputCredit _credit = new();
    private readonly TerminalSignals _signals = new();
    private RawMode? _raw;
    private volatile SessionEnd? _brokenOff;
    private volatile bool _isOpen;
    private ITimer? _waitNotice;
    private volatile TerminalWaits? _waits;
    private long _unacknowledged;

    private bool HasPty => open.Pty is not null;

    /// <exception cref="BrokenPipeException">The reader of the output closed the pipe.</exception>
    public SessionEnd Run()
    {
        HandleSignals();
        try
        {
            // A node that does not read may still have sent a refusal.
            TrySend(new ToTerminal { Open = open });
            while (wire.Receive() is { } message)
                if (Handle(message) is { } end)
                    return end;
        }
        catch (IOException e) when (e is not BrokenPipeException)
        {
            // The same as a closed connection.
        }
        return _brokenOff ?? new SessionEnd.ConnectionLost(_isOpen);
    }

    public void Dispose()
    {
        _raw?.Dispose();
        _signals.Dispose();
        _waitNotice?.Dispose();
    }

    private SessionEnd? Handle(FromTerminal message)
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
                _credit.Add(message.Taken);
                break;
            case FromTerminal.MessageOneofCase.Closed:
                return new SessionEnd.Closed(message.Closed);
            case FromTerminal.MessageOneofCase.Refusal:
                return new SessionEnd.Refused(message.Refusal);
        }
        return null;
    }

    /// <summary>Reports the wait, unless the job starts at once.</summary>
    private void Wait(TerminalWaits latest)
    {
        _waits = latest;
        _waitNotice ??= terminal.Clock.CreateTimer(
            _ => ReportWait(),
            null,
            WaitNoticeDelay,
            Timeout.InfiniteTimeSpan
        );
    }

    private void ReportWait()
    {
        if (_isOpen || _waits is not { } latest)
            return;
        var why = latest.Why.Length > 0 ? $": {latest.Why}" : "";
        terminal.Error.WriteLine(
            $"Waiting for job {open.Jid}, which is {StatusNames.Of(latest.Status)}{why} …"
        );
    }

    private void Open(TerminalOpened opened)
    {
        _isOpen = true;
        if (HasPty && terminal.InputIsTerminal)
        {
            _raw = RawMode.Enter(StandardInput);
            // The window may have been resized during the wait for the job.
            TrySend(new ToTerminal { Resize = terminal.WindowSize() });
        }
        _credit.Add(opened.WindowBytes);
        new Thread(ReadInput) { IsBackground = true, Name = "input" }.Start();
    }

    private void Show(Stream to, ByteString bytes)
    {
        to.Write(bytes.Span);
        _unacknowledged += bytes.Length;
        if (_unacknowledged < TerminalFrameScanner.MinimumTaken)
            return;
        TrySend(new ToTerminal { Taken = _unacknowledged });
        _unacknowledged = 0;
    }

    private void ReadInput()
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
                    BreakOff(CommandExitCodes.Refused);
                    return;
                }
            }
            wire.Send(new ToTerminal { EndOfInput = new EndOfInput() });
        }
        catch (IOException)
        {
            // The receiving thread reports a lost node. If the terminal is gone, SIGHUP follows.
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
            // The receiving thread reports a lost node.
        }
    }

    private void BreakOff(int exitCode)
    {
        _raw?.Dispose();
        _brokenOff = new SessionEnd.ClosedByUser(exitCode, _isOpen);
        wire.Dispose();
    }

    private void HandleSignals()
    {
        _signals.On(PosixSignal.SIGTERM, () => BreakOff(CommandExitCodes.SignalBase + Terminate));
        _signals.On(PosixSignal.SIGHUP, () => BreakOff(CommandExitCodes.SignalBase + HangUp));
        _signals.On(PosixSignal.SIGINT, OnInterrupt);
        if (!HasPty)
            return;
        _signals.On(
            PosixSignal.SIGWINCH,
            () => TrySend(new ToTerminal { Resize = terminal.WindowSize() })
        );
        _signals.On(PosixSignal.SIGCONT, () => _raw?.Reapply());
    }

    // In raw mode Ctrl-C is ordinary input, so the signal comes from kill(1), or the session has no
    // pty.
    private void OnInterrupt()
    {
        if (_isOpen && !HasPty)
            TrySend(new ToTerminal { Signal = Interrupt });
        else
            BreakOff(CommandExitCodes.SignalBase + Interrupt);
    }
}
