using System.CommandLine;
using System.Text;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class SshConfigCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids(required: false);

    public SshConfigCommand()
        : base(CommandName, Summary) => Add(_jids);

    public static string CommandName => "ssh-config";
    public static string Summary => "Print an OpenSSH configuration for terminals in jobs.";

    public override string[] Examples =>
        [
            "jobcloud ssh-config > jobs.conf; ssh -F jobs.conf job-42",
            "jobcloud ssh-config 42 >> ~/.ssh/config",
        ];

    public override string Details =>
        "The configuration covers all jobs, or only JIDS. Job 7 is the host job-7 for ssh, scp, sftp, rsync,\n"
        + "port forwarding and editors. The first call creates a key pair in $JOBCLOUD_HOME/ssh.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        var setup = new SshSetup(call);
        List<string> hosts = ["job-*"];
        if (await call.OptionalJobsAsync(_jids) is { } jobs)
            hosts = await HostsAsync(call, jobs);
        var text = setup.Config(hosts);
        if (!call.IsJson)
        {
            call.Terminal.Output.Write(Encoding.UTF8.GetBytes(text));
            return new Report.Ended(CommandExitCodes.Success);
        }
        return new Report.Values([], () => new SshConfigDocument(text));
    }

    private static async Task<List<string>> HostsAsync(Invocation call, Selection jobs)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.StatusAsync(
            new StatusRequest { Jobs = jobs },
            cloud.UnaryOptions()
        );
        var ranges = reply.Runs.Select(JidRuns.RangeOf);
        return [.. JidRanges.Enumerate(ranges).Select(OpenSshConfig.HostOf)];
    }
}
