using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Both ends of the pipes or pty between a terminal and its process. This process's ends
/// are non-blocking. For one thread at a time.</summary>
internal sealed unsafe class TerminalStreams : IDisposable
{
    /// <summary>The size of a pipe; a large one needs fewer turns for much data.</summary>
    public const int PipeBytes = 256 * 1024;

    private const string Multiplexer = "/dev/ptmx";

    private int _theirInput = -1,
        _theirOutput = -1,
        _theirErrors = -1;

    /// <summary>Whether input and output are one descriptor.</summary>
    private bool _isDuplex;

    private TerminalStreams() { }

    public bool IsPty => Terminal is not null;

    /// <summary>The path of the pty's other end; null: pipes.</summary>
    public string? Terminal { get; private set; }

    /// <summary>This process's end; -1: closed or none.</summary>
    public int Input { get; private set; } = -1;
    public int Output { get; private set; } = -1;
    public int Errors { get; private set; } = -1;

    /// <summary>The process's ends.</summary>
    public Channels ProcessStreams =>
        IsPty
            ? new(Terminal)
            : new(null, _theirInput, _isDuplex ? _theirInput : _theirOutput, _theirErrors);

    /// <summary>Creates both ends.</summary>
    /// <param name="reason">The reason of a failure, as a sentence without its full stop.</param>
    public static TerminalStreams? Open(OpenTerminal open, out string reason)
    {
        var ends = new TerminalStreams();
        var pty = open.Pty;
        var error =
            pty is not null ? ends.OpenPty(pty)
            : open.Kind == TerminalKind.SshServer ? ends.OpenSocket()
            : ends.OpenPipes();
        reason =
            error == 0 ? ""
            : pty is null ? $"cannot create pipes on this node (errno {error})"
            : $"cannot allocate a pseudo-terminal on this node (errno {error} from {Multiplexer})";
        if (error == 0)
            return ends;
        ends.Dispose();
        return null;
    }

    /// <summary>Changes the size of a pty; its foreground processes get SIGWINCH.</summary>
    public void Resize(WindowSize size)
    {
        var native = new Libc.TerminalSize
        {
            Rows = (ushort)size.Rows,
            Columns = (ushort)size.Columns,
        };
        _ = Libc.ioctl(Output, Libc.TIOCSWINSZ, &native);
    }

    /// <summary>The foreground process group of a pty; 0: none.</summary>
    public int ForegroundGroup()
    {
        int group;
        return Libc.ioctl(Output, Libc.TIOCGPGRP, &group) == 0 ? group : 0;
    }

    /// <summary>Closes this process's copies of the process's ends, after its start.</summary>
    public void CloseProcessStreams()
    {
        _theirInput = Close(_theirInput);
        _theirOutput = Close(_theirOutput);
        _theirErrors = Close(_theirErrors);
    }

    /// <summary>Ends the input of the process. A pty stays open.</summary>
    public void CloseInput()
    {
        if (!_isDuplex)
            Input = Close(Input);
        else if (!IsPty)
            _ = Libc.shutdown(Input, Libc.SHUT_WR);
    }

    /// <summary>Stops reading an output.</summary>
    public void CloseOutput(bool isErrors)
    {
        if (isErrors)
            Errors = Close(Errors);
        else if (_isDuplex)
            Output = Input = Close(Output);
        else
            Output = Close(Output);
    }

    public void Dispose()
    {
        CloseProcessStreams();
        CloseInput();
        CloseOutput(isErrors: false);
        CloseOutput(isErrors: true);
    }

    private int OpenPty(Pty pty)
    {
        const int Flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
        int number,
            unlocked = 0;
        _isDuplex = true;
        Output = Input = Libc.open(Multiplexer, Flags, 0);
        if (
            Output < 0
            || Libc.ioctl(Output, Libc.TIOCSPTLCK, &unlocked) != 0
            || Libc.ioctl(Output, Libc.TIOCGPTN, &number) != 0
        )
            return Libc.Errno;
        Terminal = $"/dev/pts/{number}";
        Resize(pty.Size ?? new());
        return 0;
    }

    /// <summary>Opens one socket for both directions, which sshd takes for a network connection,
    /// and a pipe for its error output.</summary>
    private int OpenSocket()
    {
        _isDuplex = true;
        var error = Libc.SocketPair(out var ours, out _theirInput);
        (Input, Output) = (ours, ours);
        if (error == 0)
        {
            error = Libc.Pipe(out var errors, out _theirErrors);
            Errors = errors;
        }
        Libc.SetNonBlocking(Output);
        Libc.SetNonBlocking(Errors);
        return error;
    }

    private int OpenPipes()
    {
        var error = Libc.Pipe(out _theirInput, out var input);
        Input = input;
        if (error == 0)
        {
            error = Libc.Pipe(out var output, out _theirOutput);
            Output = output;
        }
        if (error == 0)
        {
            error = Libc.Pipe(out var errors, out _theirErrors);
            Errors = errors;
        }
        foreach (var fd in (ReadOnlySpan<int>)[Input, Output, Errors])
        {
            Libc.SetNonBlocking(fd);
            Libc.ResizePipe(fd, PipeBytes);
        }
        return error;
    }

    private static int Close(int fd)
    {
        if (fd >= 0)
            _ = Libc.close(fd);
        return -1;
    }
}
