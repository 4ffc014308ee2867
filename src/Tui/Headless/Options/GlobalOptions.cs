using System.CommandLine;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Options;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Output { get; } =
        Opt.Choice(
            "--output",
            "FORMAT",
            "default, no-header, json or quiet (tables: the first column alone)",
            OutputFormats.Words,
            "-o"
        );

    public Option<string?> Server { get; } =
        Opt.Text("--server", "ADDRESS", "unix:PATH or https://HOST:PORT [JOBCLOUD_SERVER]");

    public Option<string?> TokenFile { get; } =
        Opt.Text("--token-file", "FILE", "the token for the server [JOBCLOUD_TOKEN_FILE]");

    public Option<string?> CaFile { get; } =
        Opt.Text("--ca-file", "FILE", "the CA that the server is known by [JOBCLOUD_CA_FILE]");

    public Option<TimeSpan?> Timeout { get; } =
        Opt.Seconds("--timeout", "how long one request may take; 0: for ever (default 60)");

    public Option<bool> NoAutostart { get; } =
        Opt.Flag("--no-autostart", "never start a local node");

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
