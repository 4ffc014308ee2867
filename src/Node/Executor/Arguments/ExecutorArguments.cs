using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Executor.Arguments;

/// <summary>The command line of jobcloud-executor.</summary>
/// <param name="Home">An absolute path without a trailing slash.</param>
/// <param name="NodeArguments">Arguments for jobcloud-node.</param>
/// <param name="RestartDelayMs">The delay with which a guard started this executor; 0: no guard
/// did.</param>
internal sealed record ExecutorArguments(
    string Home,
    bool Foreground,
    bool WithNode,
    IReadOnlyList<string> NodeArguments,
    long RestartDelayMs = 0
)
{
    private const string RestartDelay = "--restart-delay";

    public const string Usage =
        "usage: jobcloud-executor --home DIR [--foreground] [--no-node] [--node-arg ARG]...";

    public static Parsed<ExecutorArguments> Parse(IReadOnlyList<string> args)
    {
        string? home = null;
        var restartDelay = 0L;
        var (foreground, withNode) = (false, true);
        var nodeArguments = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--foreground":
                    foreground = true;
                    break;
                case "--no-node":
                    withNode = false;
                    break;
                case "--home" or "--node-arg" or RestartDelay when value is null:
                    return new TextError(0, 0, $"{args[i]} requires a value");
                case "--home":
                    home = args[++i];
                    break;
                case "--node-arg":
                    nodeArguments.Add(args[++i]);
                    break;
                case RestartDelay when long.TryParse(value, Culture, out restartDelay):
                    i++;
                    break;
                default:
                    return new TextError(0, 0, $"unknown option {args[i]}");
            }
        }
        if (string.IsNullOrEmpty(home))
            return new TextError(0, 0, "--home is missing");
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        return new ExecutorArguments(path, foreground, withNode, nodeArguments, restartDelay);
    }

    /// <summary>The words that <see cref="Parse"/> reads as these arguments.</summary>
    public IReadOnlyList<string> Words() =>
        [
            "--home",
            Home,
            .. Foreground ? ["--foreground"] : (string[])[],
            .. WithNode ? (string[])[] : ["--no-node"],
            .. NodeArguments.SelectMany(word => (string[])["--node-arg", word]),
            RestartDelay,
            RestartDelayMs.ToString(Culture),
        ];

    private static CultureInfo Culture => CultureInfo.InvariantCulture;
}
