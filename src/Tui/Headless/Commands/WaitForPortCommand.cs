using System.CommandLine;
using System.Globalization;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class WaitForPortCommand : CloudCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();
    private readonly Argument<int> _port = new("PORT")
    {
        Description = "port that the job listens on",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = static result =>
        {
            var text = result.Tokens[0].Value;
            if (PortRange.Read(text) is { } number)
                return number;
            result.AddError(
                $"'{text}' is not a port; use a whole number from 1 to {PortRange.Highest}."
            );
            return 0;
        },
    };
    private readonly Option<string?> _protocol = Opt.Choice(
        "--protocol",
        "PROTOCOL",
        "tcp or udp (default tcp)",
        [.. PortMessages.Transports],
        "-p"
    );
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "maximum time to wait (default: no limit)",
        "-t"
    );

    public WaitForPortCommand()
        : base(
            "port",
            "Print the address of a port once the job listens; exit with 3 if that becomes impossible."
        )
    {
        Add(_jid);
        Add(_port);
        Add(_protocol);
        Add(_timeout);
    }

    public override string[] Examples =>
        ["jobcloud wait-for port 7 8000", "jobcloud -o quiet wait-for port 7 53 -p udp -t 30"];

    public override string Details =>
        "If the job has its own network, the printed port is a port of the node, which forwards it to the\n"
        + "job until the job ends.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var jid = await call.JobAsync(cloud, _jid);
        call.WaitFor(JidRuns.One(jid));
        var request = new AwaitRequest
        {
            Jobs = JidRuns.One(jid),
            Mode = AwaitMode.Port,
            Transport = PortMessages.Parse(call.Get(_protocol) ?? ""),
            Port = call.Get(_port),
        };
        var missed = $"does not listen on {PortMessages.Of(request.Transport)} port {request.Port}";
        var waiting = JobWaiter.WatchAsync(
            cloud,
            request,
            call.Get(_timeout),
            (latest, limit) => JobWaiter.TimeUp(jid, missed, latest, limit)
        );
        JobPort? reached = null;
        await foreach (var reply in waiting)
        {
            if (reply is { Finished: true, Refusal: { } refusal })
                return CommandError.OfWait(refusal);
            reached = reply.Port;
        }
        return Show(jid, reached!, call);
    }

    private static Report Show(Jid jid, JobPort reached, Invocation call)
    {
        var number = reached.ReachedPort.ToString(CultureInfo.InvariantCulture);
        return call.Format == OutputFormat.Quiet
            ? new Report.Values(
                [$"{reached.Address} {number}"],
                () => PortDocument.Of(jid, reached)
            )
            : new Report.Table(
                ["address", "port"],
                [
                    [TableCell.Of(reached.Address), TableCell.Of(reached.ReachedPort)],
                ],
                () => PortDocument.Of(jid, reached)
            );
    }
}
