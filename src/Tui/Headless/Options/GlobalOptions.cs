using System.CommandLine;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Options;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Output { get; } =
        Opt.Choice(
            "--output",
            "FORMAT",
            "default, no-header, json or quiet (only the first column of tables)",
            OutputFormats.Names,
            "-o"
        );

    public Option<string?> Server { get; } =
        Opt.Text("--server", "ADDRESS", "unix:PATH or https://HOST:PORT [JOBCLOUD_SERVER]");

    public Option<string?> TokenFile { get; } =
        Opt.Text("--token-file", "FILE", "file with the access token [JOBCLOUD_TOKEN_FILE]");

    public Option<string?> CaFile { get; } =
        Opt.Text(
            "--ca-file",
            "FILE",
            "file with the CA certificate of the server [JOBCLOUD_CA_FILE]"
        );

    public Option<TimeSpan?> Timeout { get; } =
        Opt.Seconds("--timeout", "time limit of one request; 0 means no limit (default 60)");

    public Option<bool> NoAutostart { get; } =
        Opt.Flag("--no-autostart", "do not start a local node");

    public Option<bool> Help { get; } = Opt.Flag("--help", "show this help", "-h");

    public Option<bool> Version { get; } = Opt.Flag("--version", "show the version");

    public IReadOnlyList<Option> All { get; }

    public GlobalOptions()
    {
        All = [Output, Server, TokenFile, CaFile, Timeout, NoAutostart, Help, Version];
        foreach (var option in All)
            option.Recursive = true;
    }
}
