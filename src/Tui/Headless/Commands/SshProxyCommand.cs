using System.CommandLine;
using Google.Protobuf;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class SshProxyCommand : CloudCommand, IListedCommand
{
    private readonly Argument<string> _host = Arg.Text("HOST", "job-JID or a jid");

    public SshProxyCommand()
        : base(CommandName, Summary) => Add(_host);

    public static string CommandName => "ssh-proxy";
    public static string Summary =>
        "Forward an OpenSSH connection to a job (the ProxyCommand of ssh-config).";

    public override async Task<Report> RunAsync(Invocation call)
    {
        var name = call.Get(_host)!;
        if ((OpenSshConfig.JidOf(name) ?? OpenSshConfig.JidOf($"job-{name}")) is not { } jid)
            return CommandError.Usage($"'{name}' is not a job; use job-JID.");
        var keys = new OpenSshKeys($"{call.Settings.Home.Value}/ssh");
        keys.Prepare();
        var open = new OpenTerminal
        {
            Jid = jid,
            Kind = TerminalKind.SshServer,
            PublicKey = ByteString.CopyFromUtf8(
                (await File.ReadAllTextAsync(keys.PublicKey)).TrimEnd()
            ),
        };
        using var cloud = await call.ConnectAsync();
        var end = await JobTerminals.RunAsync(call, cloud, open);
        // OpenSSH already knows how its sshd ended, or has stopped this process with a signal.
        return end is SessionEnd.Closed { Message.By: ClosedBy.Exit } or SessionEnd.ClosedByUser
            ? new Report.Ended(CommandExitCodes.Success)
            : await JobTerminals.ReportAsync(call, cloud, new Jid(jid), end);
    }
}
