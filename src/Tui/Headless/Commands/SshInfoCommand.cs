using System.CommandLine;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Terminals;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class SshInfoCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();

    public SshInfoCommand()
        : base(CommandName, Summary) => Add(_jid);

    public static string CommandName => "ssh-info";
    public static string Summary =>
        "Print the host, user, key and configuration for OpenSSH to open a job.";

    public override string[] Examples =>
        ["ssh -F \"$(jobcloud -o json ssh-info 42 | jq -r .config)\" job-42   # needs jq"];

    public override string Details =>
        "The configuration covers all jobs; use it with ssh -F CONFIG HOST, scp -F CONFIG or sftp -F CONFIG.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        Jid number;
        using (var cloud = await call.ConnectAsync())
        {
            number = await call.JobAsync(cloud, _jid);
            var request = new StatusRequest { Jobs = JidRuns.One(number) };
            var status = (await cloud.Api.StatusAsync(request, cloud.UnaryOptions()))
                .Runs[0]
                .Status;
            if (JidRuns.IsFinished(status))
                return CommandError.Of(TerminalMessages.TooLate(number, status));
        }
        var setup = new SshSetup(call);
        setup.WriteConfigFile();
        var host = OpenSshConfig.HostOf(number);
        return new Report.Table(
            ["host", "username", "identity", "config"],
            [
                [
                    TableCell.Of(host),
                    TableCell.Of(SshSetup.User),
                    TableCell.Of(setup.Keys.PrivateKey),
                    TableCell.Of(setup.ConfigFile),
                ],
            ],
            () =>
                new SshInfoDocument(
                    number,
                    host,
                    SshSetup.User,
                    setup.Keys.PrivateKey,
                    setup.ConfigFile
                )
        );
    }
}
