using System.Collections.Concurrent;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>A terminal: a thread that passes bytes between a client and a process. The event-loop
/// thread starts and reaps the process. The two threads communicate through <see cref="Send"/> and
/// the terminal manager.</summary>
internal sealed unsafe class JobTerminal : IDisposable
{
    /// <summary>Maximum number of unacknowledged bytes in one direction, so that a slow reader
    /// blocks its writer instead of using memory.</summary>
    public const int WindowBytes = 1 << 20;

    /// <summary>Time from the hang-up, when the client disconnected or the job ended, to SIGKILL
    /// for the remaining processes.</summary>
    public const long HangUpMs = 1_000;

    private const int Wake = 0,
        Client = 1,
        Input = 2,
        Output = 3,
        Errors = 4,
        Watched = 5;

    /// <summary>Maximum number of chunks sent from one output before the others get their
    /// turn.</summary>
    private const int ChunksPerTurn = 16;

    /// <summary>Output written to a pty before the process exits arrives within this time, ms,
    /// because the kernel passes it on from a work queue.</summary>
    private const long PtyQuietMs = 50;

    private readonly ClientLink _client;
    private readonly ITerminalService _manager;
    private readonly TerminalLimits _limits;
    private readonly int _wakeFd = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    private readonly ConcurrentQueue<TerminalEvent> _events = new();
    private readonly Libc.PollFd[] _fds = new Libc.PollFd[Watched];
    private readonly InputWriter _input;
    private FlowWindow _output = new(0);
    private TerminalStreams? _ends;
    private TerminalProcesses? _processes;
    private TerminalClosed? _closed;
    private string _jobEnd = "";
    private bool _isRefused;
    private bool _isHungUp;
    private bool _isFinishing;
    private bool _isOver;
    private int? _exit;
    private long? _wakeAt;
    private long _quietAt;
    private long _rest = 2 * TerminalStreams.PipeBytes;
    private long _killAt;
    private long _finishBy;

    public JobTerminal(int clientFd, ITerminalService manager, TerminalLimits limits)
    {
        (_client, _manager, _limits) = (new(clientFd), manager, limits);
        _input = new(_client);
    }

    /// <summary>Sends an event to this terminal. Thread-safe, as long as the manager knows the
    /// terminal.</summary>
    public void Send(TerminalEvent terminalEvent)
    {
        _events.Enqueue(terminalEvent);
        ulong one = 1;
        _ = Libc.write(_wakeFd, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Serves the client until the terminal is finished.</summary>
    public void Run()
    {
        _wakeAt = Clock.NowMs() + _limits.OpenMs;
        while (!_isOver)
            Turn();
        if (_ends is not null)
            _manager.Finished(this);
        else
            Dispose();
    }

    /// <summary>Must not be called while other threads may still send events.</summary>
    public void Dispose()
    {
        _ends?.Dispose();
        _client.Dispose();
        _ = Libc.close(_wakeFd);
    }

    /// <summary>Whether the client accepts more output now.</summary>
    private bool MaySend => _client.IsIdle && _output.Room > 0;

    private bool HasProcess => _processes is not null && _exit is null;

    private void Turn()
    {
        // Whether this poll can show that no more output comes.
        var isLast = _exit is not null && MaySend;
        Watch();
        fixed (Libc.PollFd* fds = _fds)
            _ = Libc.poll(fds, Watched, UntilWake());
        _wakeAt = null;
        if (_fds[Wake].ReturnedEvents != 0)
            HandleEvents();
        if ((_fds[Client].ReturnedEvents & ~Libc.POLLOUT) != 0)
            _client.Receive();
        HandleFrames();
        if (_processes is not null)
            _input.Write(_ends!);
        ReadOutput(Output, FromTerminal.OutputFieldNumber);
        ReadOutput(Errors, FromTerminal.ErrorOutputFieldNumber);
        if (isLast)
            EndQuietOutputs();
        Decide();
        _client.Send();
        if ((_isRefused || _closed is not null) && _client.IsIdle)
            FinishOutput();
    }

    private void Watch()
    {
        var mayRead = _processes is not null && MaySend;
        var mayWrite = _processes is not null && _input.HasQueued;
        var toClient = _client.IsIdle ? Libc.POLLIN : (short)(Libc.POLLIN | Libc.POLLOUT);
        Watch(Wake, _wakeFd, Libc.POLLIN);
        Watch(Client, _client.IsGone ? -1 : _client.Fd, toClient);
        Watch(Input, mayWrite ? _ends?.Input ?? -1 : -1, Libc.POLLOUT);
        Watch(Output, mayRead ? _ends?.Output ?? -1 : -1, Libc.POLLIN);
        Watch(Errors, mayRead ? _ends?.Errors ?? -1 : -1, Libc.POLLIN);
    }

    private void Watch(int place, int fd, short events) =>
        _fds[place] = new() { Fd = fd, Events = events };

    private int UntilWake() =>
        _wakeAt is { } at ? (int)Math.Clamp(at - Clock.NowMs(), 0, int.MaxValue) : -1;

    /// <summary>Limits the next wait to this time, ms.</summary>
    private void WakeBy(long at) => _wakeAt = Math.Min(at, _wakeAt ?? at);

    private void HandleEvents()
    {
        ulong count;
        _ = Libc.read(_wakeFd, (byte*)&count, sizeof(ulong));
        while (_events.TryDequeue(out var terminalEvent))
        {
            switch (terminalEvent)
            {
                case TerminalEvent.Started started:
                    _processes = new(started.Process);
                    _ends!.CloseProcessStreams();
                    _client.Add(
                        new FromTerminal
                        {
                            Opened = new()
                            {
                                Node = started.Node,
                                Attempt = started.Attempt,
                                WindowBytes = WindowBytes,
                            },
                        }
                    );
                    break;
                case TerminalEvent.Refused refused:
                    Refuse(refused.Refusal);
                    break;
                case TerminalEvent.Exited exited:
                    _exit = exited.Code;
                    _quietAt = Clock.NowMs() + (_ends!.IsPty ? PtyQuietMs : 0);
                    break;
                case TerminalEvent.JobEnded ended:
                    _jobEnd = ended.Why;
                    break;
            }
        }
    }

    private void Refuse(Refusal refusal)
    {
        _client.Add(new FromTerminal { Refusal = refusal });
        _isRefused = true;
    }

    private void HandleFrames()
    {
        while (_client.Next(out var body))
        {
            if (_isRefused || _closed is not null)
                continue;
            if (_ends is null)
                Open(body);
            else if (TerminalFrames.TryReadInput(body, out var input))
                _input.Take(_ends, input);
            else if (Frames.TryParse(ToTerminal.Parser, body, out var message))
                Handle(message);
            else
                _client.Break();
        }
    }

    private void Open(ReadOnlySpan<byte> body)
    {
        if (
            !Frames.TryParse(ToTerminal.Parser, body, out var message)
            || message.MessageCase != ToTerminal.MessageOneofCase.Open
        )
        {
            _client.Break();
            return;
        }
        var open = message.Open;
        if (OpenTerminalCheck.Validate(open) is { } refusal)
        {
            Refuse(refusal);
            return;
        }
        _ends = TerminalStreams.Open(open, out var reason);
        if (_ends is null)
        {
            Refuse(new() { Code = RefusalCode.Internal, Message = $"{reason}." });
            return;
        }
        _output = new(OpenTerminalCheck.Window(open, WindowBytes));
        _manager.Open(this, open, _ends);
    }

    private void Handle(ToTerminal message)
    {
        switch (message.MessageCase)
        {
            case ToTerminal.MessageOneofCase.EndOfInput:
                _input.End(_ends!);
                break;
            case ToTerminal.MessageOneofCase.Resize:
                if (_ends!.IsPty && OpenTerminalCheck.Validate(message.Resize) is null)
                    _ends.Resize(message.Resize);
                break;
            case ToTerminal.MessageOneofCase.Signal:
                _manager.Signal(this, message.Signal, _ends!.IsPty ? _ends.ForegroundGroup() : 0);
                break;
            case ToTerminal.MessageOneofCase.Taken:
                _output.Taken(message.Taken);
                break;
            default:
                _client.Break();
                break;
        }
    }

    private void ReadOutput(int place, int field)
    {
        if (_fds[place].ReturnedEvents == 0 || _fds[place].Fd < 0)
            return;
        for (var i = 0; i < ChunksPerTurn && MaySend; i++)
        {
            var wanted = Math.Min(_output.Room, TerminalFrames.ChunkBytes);
            var count = _client.Relay(_fds[place].Fd, field, wanted);
            if (count > 0)
                Sent(count);
            // A pty whose other end is closed returns EIO.
            else if (count == 0 || Libc.Errno is not (Libc.EAGAIN or Libc.EINTR))
                _ends!.CloseOutput(place == Errors);
            if (count <= 0 || count < wanted && !_ends!.IsPty)
                return;
        }
    }

    private void Sent(int count)
    {
        _output.Sent(count);
        if (_exit is not null)
            _rest -= count;
    }

    /// <summary>Closes the outputs of an exited process once they are quiet, or once as much was
    /// read as could be in transit: then all of its output has arrived. Other processes may hold
    /// the outputs open forever.</summary>
    private void EndQuietOutputs()
    {
        var now = Clock.NowMs();
        if ((_fds[Output].ReturnedEvents != 0 || _fds[Errors].ReturnedEvents != 0) && _rest > 0)
            _quietAt = Math.Max(_quietAt, now + (_ends!.IsPty ? PtyQuietMs : 0));
        else if (now < _quietAt && _rest > 0)
            WakeBy(_quietAt);
        else
            CloseOutputs();
    }

    private void CloseOutputs()
    {
        _ends!.CloseOutput(isErrors: false);
        _ends.CloseOutput(isErrors: true);
    }

    /// <summary>Decides the next step from the current state.</summary>
    private void Decide()
    {
        if (_ends is null || _isRefused)
        {
            _isOver = _client.IsGone || IsLate();
            return;
        }
        // The manager always answers.
        if (_processes is null)
            return;
        if (_closed is not null && !_isHungUp)
        {
            // Processes that the terminal's process left behind belong to the job.
            _isOver = _client.IsGone;
            return;
        }
        if (!_isHungUp && (_client.IsGone || _jobEnd.Length > 0))
            HangUp();
        if (_isHungUp)
            EndHungUp();
        if (_exit is null || _client.IsGone)
            return;
        if (_ends.Output < 0 && _ends.Errors < 0 && _closed is null)
            Close();
        else if (_closed is null && MaySend)
            WakeBy(_quietAt);
    }

    /// <summary>The client sent no request in time, or does not read the refusal.</summary>
    private bool IsLate()
    {
        _killAt = _killAt == 0 ? Clock.NowMs() + _limits.OpenMs : _killAt;
        WakeBy(_killAt);
        return Clock.NowMs() >= _killAt;
    }

    private void HangUp()
    {
        _isHungUp = true;
        _killAt = Clock.NowMs() + HangUpMs;
        if (_client.IsGone)
            _ends!.Dispose();
        else
            _ends!.CloseInput();
        _processes!.HangUp();
    }

    /// <summary>Waits for the processes to end and for the client to read the rest, then
    /// kills.</summary>
    private void EndHungUp()
    {
        if (_client.IsGone && _exit is not null && !_processes!.AnyLeft())
        {
            _isOver = true;
            return;
        }
        WakeBy(_killAt);
        if (Clock.NowMs() < _killAt)
            return;
        _processes!.Kill();
        if (HasProcess)
            _killAt = Clock.NowMs() + HangUpMs;
        else
            _isOver = true;
    }

    private void Close()
    {
        _closed = new()
        {
            ExitCode = _exit ?? 0,
            By = _jobEnd.Length > 0 ? ClosedBy.JobEnd : ClosedBy.Exit,
            Why = _jobEnd,
        };
        _client.Add(new FromTerminal { Closed = _closed });
    }

    /// <summary>Ends the connection after the last message. The client closes it: closing it here
    /// while client data is in transit could make the client lose the last messages (unix(7),
    /// ECONNRESET).</summary>
    private void FinishOutput()
    {
        var now = Clock.NowMs();
        if (!_isFinishing)
        {
            (_isFinishing, _finishBy) = (true, now + HangUpMs);
            _client.EndOutput();
        }
        WakeBy(_finishBy);
        _isOver |= _client.IsGone || now >= _finishBy;
    }
}
