using System.Text;
using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless;
using JobCloud.Tui.Headless.Processes;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless;

/// <summary>The outcome of a command.</summary>
internal sealed record CommandOutcome(int Code, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public JsonElement JsonError => JsonDocument.Parse(Error).RootElement.GetProperty("error");
}

/// <summary>Runs commands in this process against a scripted node with its own home.</summary>
public abstract class CommandTest : IAsyncLifetime
{
    // Short, because the path of a Unix socket is limited.
    private readonly string _home = Directory.CreateTempSubdirectory("jc-").FullName;

    internal ScriptedCloud Cloud { get; private set; } = null!;
    internal HomePaths Paths => new(_home);
    internal Dictionary<string, string> Variables { get; } = [];
    internal string Input { get; set; } = "";
    internal bool OnTerminal { get; set; }

    /// <summary>The file that commands write to instead of memory.</summary>
    internal string? OutputFile { get; set; }

    /// <summary>The columns of the terminal; 0: unknown.</summary>
    internal int Width { get; set; }

    /// <summary>What Ctrl-C does, once a command waits for jobs.</summary>
    internal TaskCompletionSource<Action> Interrupted { get; set; } = new();
    internal string Programs { get; set; } = "/nonexistent";

    public virtual async Task InitializeAsync()
    {
        Variables["JOBCLOUD_HOME"] = _home;
        Cloud = await ScriptedCloud.StartAsync(Paths.GatewaySocket);
    }

    /// <summary>Stops the node; another one, without scripts, then listens on the same
    /// socket.</summary>
    internal async Task RestartAsync(Action<ScriptedCloud> script)
    {
        await Cloud.DisposeAsync();
        Cloud = await ScriptedCloud.StartAsync(Paths.GatewaySocket, script);
    }

    public virtual async Task DisposeAsync()
    {
        await Cloud.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private static readonly FileStreamOptions Unbuffered = new()
    {
        Access = FileAccess.Write,
        BufferSize = 0,
    };

    internal async Task<CommandOutcome> RunAsync(params string[] args)
    {
        using var output = new MemoryStream();
        var error = new StringWriter();
        var terminal = new CommandProcess
        {
            Output = OutputFile is null ? output : new FileStream(OutputFile, Unbuffered),
            Error = error,
            ErrorBytes = new TextStream(error),
            Input = new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Variable = name => Variables.GetValueOrDefault(name),
            VariableNames = () => Variables.Keys,
            Directory = _home,
            Programs = Programs,
            OutputIsTerminal = OnTerminal,
            ErrorIsTerminal = OnTerminal,
            InputIsTerminal = OnTerminal,
            Width = () => Width,
            OnInterrupt = act =>
            {
                Interrupted.TrySetResult(act);
                return null;
            },
        };
        var code = await Application.RunAsync(args, terminal);
        return new CommandOutcome(code, output.ToArray(), error.ToString());
    }

    /// <summary>Appends bytes to a text.</summary>
    private sealed class TextStream(StringWriter to) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) =>
            to.Write(Encoding.UTF8.GetString(buffer));

        public override void Write(byte[] buffer, int offset, int count) =>
            Write(buffer.AsSpan(offset, count));
    }

    internal string WriteFile(string name, string content)
    {
        var path = Path.Combine(_home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    internal static StatusReply Statuses(params (long First, long Count, Status Status)[] runs)
    {
        var reply = new StatusReply();
        foreach (var (first, count, status) in runs)
            reply.Runs.Add(Run(first, count, status));
        return reply;
    }

    internal static StatusRun Run(long first, long count, Status status) =>
        new()
        {
            First = first,
            Count = count,
            Status = status,
        };

    /// <summary>A reply to a wait, with the number of jobs in each status.</summary>
    internal static AwaitReply Ends(bool finished, params (Status Status, long Count)[] counts)
    {
        var reply = new AwaitReply { Finished = finished };
        reply.Counts.AddRange(new long[(int)Status.Stalled + 1]);
        foreach (var (status, count) in counts)
        {
            reply.Counts[(int)status] = count;
            reply.Total += count;
        }
        return reply;
    }

    internal static OutputChunk Chunk(string text, bool end = true, int attempt = 1) =>
        new()
        {
            Data = Google.Protobuf.ByteString.CopyFromUtf8(text),
            End = end,
            Attempt = attempt,
        };

    internal static SelectionItem Range(long first, long last) =>
        new()
        {
            Range = new JidRange { First = first, Last = last },
        };
}
