using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Terminals;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ExecShellCommand : SubmissionCommand, IListedCommand
{
    public ExecShellCommand()
        : base(SubmissionKind.Shell, CommandName, Summary) { }

    public static string CommandName => "exec-shell";
    public static string Summary => "Submit an interactive job and open a terminal in it.";

    public override string[] Examples =>
        ["jobcloud exec-shell -c 2 -e tex", "jobcloud exec-shell -k --vol data"];

    public override string Details =>
        "The job is not restartable. It ends done when its last terminal closes, or if no terminal opens\n"
        + "within jobcloud.terminals.idle-limit (10m). If stdin is not a terminal, the command only prints\n"
        + "the jid; 'jobcloud ssh JID' opens a terminal.";

    protected override async Task<Report> SubmittedAsync(
        Invocation call,
        CloudConnection cloud,
        SubmitReply reply,
        SubmitRequest request
    )
    {
        if (call.Terminal.InputIsTerminal)
            return await EnterAsync(
                call,
                cloud,
                new Jid(reply.First),
                request.Spec.ShellJob.KeepAlive
            );
        call.Terminal.Error.WriteLine(
            $"Open a terminal in job {reply.First} with 'jobcloud ssh {reply.First}'."
        );
        return SubmissionSteps.Submitted(request, reply);
    }

    private static async Task<Report> EnterAsync(
        Invocation call,
        CloudConnection cloud,
        Jid jid,
        bool keepAlive
    )
    {
        call.Terminal.Error.WriteLine($"Submitted job {jid}; opening a terminal …");
        var open = JobTerminals.Request(call.Terminal, jid, "", null, null);
        var end = await JobTerminals.RunAsync(call, cloud, open);
        if (!end.WasOpen)
            await KillAsync(cloud, jid);
        else if (keepAlive && end is not SessionEnd.Closed { Message.By: ClosedBy.JobEnd })
            call.Terminal.Error.WriteLine(
                $"Job {jid} keeps running; reconnect with 'jobcloud ssh {jid}' or end it with 'jobcloud kill {jid}'."
            );
        return await JobTerminals.ReportAsync(call, cloud, jid, end);
    }

    /// <summary>Kills a job in which no terminal was opened.</summary>
    private static async Task KillAsync(CloudConnection cloud, Jid jid) =>
        await cloud.Api.KillAsync(
            new KillRequest { Jobs = JidRuns.One(jid) },
            cloud.UnaryOptions()
        );
}
