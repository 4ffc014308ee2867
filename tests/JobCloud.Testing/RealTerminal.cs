using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>A program that users see the UI in, with a command in it: <c>tmux</c>, or
/// <c>vte</c>, the terminal of GNOME, on a display without a screen.</summary>
public abstract class RealTerminal : IDisposable
{
    private static readonly string[] Needed =
    [
        "/usr/bin/tmux",
        "/usr/bin/xvfb-run",
        "/usr/bin/xauth",
        "/usr/lib/python3/dist-packages/gi/__init__.py",
    ];

    /// <summary>Whether this machine has both.</summary>
    public static bool IsInstalled =>
        Needed.All(File.Exists)
        && Directory.Exists("/usr/lib")
        && Directory
            .EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .Any(folder => File.Exists($"{folder}/girepository-1.0/Vte-2.91.typelib"));

    /// <param name="kind">tmux or vte.</param>
    /// <param name="command">Run by a shell, which then says <c>ended-</c> and its exit
    /// code.</param>
    public static RealTerminal Open(
        string kind,
        int columns,
        int rows,
        IEnumerable<string> command,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var words = command.Select(word => $"'{word.Replace("'", "'\\''")}'");
        string[] shell = ["/bin/sh", "-c", $"{string.Join(' ', words)}; echo ended-$?; exec cat"];
        return kind == "tmux"
            ? new Tmux(columns, rows, shell, environment)
            : new Vte(columns, rows, shell, environment);
    }

    /// <summary>What is on the screen.</summary>
    public abstract string Text { get; }

    /// <summary>Presses a key, given by what it sends.</summary>
    public abstract void Press(string key);

    public Task ShowsAsync(string text) =>
        HoldsAsync(() => Text.Contains(text), $"the terminal shows {text}");

    public Task HidesAsync(string text) =>
        HoldsAsync(() => !Text.Contains(text), $"the terminal no longer shows {text}");

    public abstract void Dispose();

    private async Task HoldsAsync(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.HoldsAsync(condition, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; on its screen:\n{Text}", e);
        }
    }

    private static ProcessStartInfo Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Tests of Terminal.Gui without a terminal set it for their whole process.
        start.Environment.Remove("DisableRealDriverIO");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private sealed class Tmux : RealTerminal
    {
        private readonly string _server = $"jobcloud-{Guid.NewGuid():N}";

        public Tmux(
            int columns,
            int rows,
            string[] command,
            IReadOnlyDictionary<string, string> environment
        ) =>
            Run(
                ["new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", .. command],
                environment
            );

        public override string Text => Run(["capture-pane", "-p"]);

        public override void Press(string key) => Run(["send-keys", "-l", key]);

        public override void Dispose() => Run(["kill-server"]);

        private string Run(
            string[] arguments,
            IReadOnlyDictionary<string, string>? environment = null
        )
        {
            var start = Start(
                "tmux",
                ["-L", _server, "-f", "/dev/null", .. arguments],
                environment ?? new Dictionary<string, string>()
            );
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text;
        }
    }

    private sealed class Vte : RealTerminal
    {
        private readonly Process _process;

        public Vte(
            int columns,
            int rows,
            string[] command,
            IReadOnlyDictionary<string, string> environment
        )
        {
            var window = Path.Combine(SourceTree.Root, "src/Tui/Pictures/vte-window");
            var start = Start(
                "xvfb-run",
                ["-a", window, $"{columns}", $"{rows}", .. command],
                environment
            );
            // Its warnings are not read.
            start.RedirectStandardError = false;
            _process = Process.Start(start)!;
        }

        public override string Text => Ask("text").Replace('|', '\n');

        public override void Press(string key) =>
            Ask("type " + string.Concat(key.Select(c => $"\\u{(int)c:x4}")));

        public override void Dispose()
        {
            // At the end of its input, the window closes.
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }

        private string Ask(string command)
        {
            _process.StandardInput.WriteLine(command);
            _process.StandardInput.Flush();
            var answer = _process.StandardOutput.ReadLine() ?? "error the terminal has ended";
            return answer.StartsWith("ok", StringComparison.Ordinal)
                ? answer[2..].TrimStart(' ')
                : throw new InvalidOperationException(answer);
        }
    }
}
