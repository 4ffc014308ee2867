using System.Runtime.InteropServices;
using System.Text;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Processes;

/// <summary>The environment of a command: its streams, variables, directory and clock.</summary>
internal sealed record CommandProcess
{
    public required Stream Output { get; init; }

    /// <summary>Writes only visible text; a terminal is controlled through <see
    /// cref="ErrorBytes"/>.</summary>
    public required TextWriter Error
    {
        get;
        init => field = new VisibleWriter(value);
    }

    public required Stream Input { get; init; }

    /// <summary>The stream of <see cref="Error"/>, for bytes from jobs.</summary>
    public Stream ErrorBytes { get; init; } = Stream.Null;

    /// <summary>True if a message could not be written.</summary>
    public bool HasLostErrors => ErrorBytes is ErrorStream { HasLost: true };

    /// <summary>Reads an environment variable; null where it is unset.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Lists the names of all environment variables.</summary>
    public Func<IEnumerable<string>> VariableNames { get; init; } = static () => [];

    /// <summary>Reads all words of this process, each with a terminating NUL.</summary>
    public Func<byte[]> CommandLine { get; init; } = static () => [];

    /// <summary>The working directory, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>The directory of this program and of the other programs of JobCloud.</summary>
    public required string Programs { get; init; }

    /// <summary>One who submits jobs from here.</summary>
    public Submitter Submitter => new(Variable, VariableNames, Directory);

    /// <summary>The path of a program; null if it was not found.</summary>
    public string? Find(JobCloudProgram program) =>
        program.CandidatePaths(Programs).FirstOrDefault(File.Exists);

    public bool OutputIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    public bool InputIsTerminal { get; init; }

    /// <summary>Registers what Ctrl-C does, until the registration is disposed of.</summary>
    public Func<Action, IDisposable?> OnInterrupt { get; init; } = static _ => null;

    /// <summary>The columns of the terminal; 0 if unknown.</summary>
    public Func<int> Width { get; init; } = static () => 0;

    /// <summary>The size of the terminal that stdin reads; a default if there is none.</summary>
    public Func<WindowSize> WindowSize { get; init; } =
        static () => new WindowSize { Columns = 80, Rows = 24 };

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static string Version => typeof(CommandProcess).Assembly.GetName().Version!.ToString(3);

    public static CommandProcess OfThisProcess()
    {
        Posix.KeepStandardDescriptors();
        var errors = new ErrorStream(new DescriptorStream(2));
        return new()
        {
            Output = new DescriptorStream(1),
            Error = new StreamWriter(errors) { AutoFlush = true },
            ErrorBytes = errors,
            Input = new DescriptorInput(0),
            Variable = Environment.GetEnvironmentVariable,
            VariableNames = static () => Environment.GetEnvironmentVariables().Keys.Cast<string>(),
            CommandLine = static () => File.ReadAllBytes("/proc/self/cmdline"),
            Directory = CurrentDirectory(),
            Programs = AppContext.BaseDirectory,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InputIsTerminal = !Console.IsInputRedirected,
            OnInterrupt = static act =>
                PosixSignalRegistration.Create(
                    PosixSignal.SIGINT,
                    context =>
                    {
                        context.Cancel = true;
                        act();
                    }
                ),
            // Console.WindowWidth would configure the terminal for reading keys.
            Width = static () => Posix.TerminalWidth(1),
            WindowSize = static () =>
                Posix.TerminalSize(0) is (> 0 and var columns, > 0 and var rows)
                    ? new WindowSize { Columns = columns, Rows = rows }
                    : new WindowSize { Columns = 80, Rows = 24 },
        };
    }

    public static void WriteVersion(Stream output) =>
        output.Write(Encoding.UTF8.GetBytes($"jobcloud {Version}\n"));

    /// <summary>The working directory; if it was removed, the name that the shell knows it
    /// by.</summary>
    private static string CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (FileNotFoundException)
        {
            return Environment.GetEnvironmentVariable("PWD") is ['/', ..] known ? known : "/";
        }
    }

    /// <summary><paramref name="path"/> relative to the working directory.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, Directory);
}
