using System.CommandLine;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class WaitForStatusCommand : CloudCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();
    private readonly Argument<JobCloud.Protocol.Status> _status = new("STATUS")
    {
        Description = string.Join(", ", StatusNames.All),
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = static result =>
        {
            var word = result.Tokens[0].Value;
            if (!StatusNames.TryParse(word, out var status))
                result.AddError(
                    $"'{word}' is not a status; use one of {string.Join(", ", StatusNames.All)}."
                );
            return status;
        },
    };
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "maximum time to wait (default: no limit)",
        "-t"
    );

    public WaitForStatusCommand()
        : base(
            "status",
            "Print the status once the job reaches it; exit with 3 if that becomes impossible."
        )
    {
        _status.CompletionSources.Add([.. StatusNames.All]);
        Add(_jid);
        Add(_status);
        Add(_timeout);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var jid = await call.JobAsync(cloud, _jid);
        call.WaitFor(JidRuns.One(jid));
        var request = new AwaitRequest
        {
            Jobs = JidRuns.One(jid),
            Mode = AwaitMode.Status,
            Status = call.Get(_status),
        };
        var word = StatusNames.Of(request.Status);
        var waiting = JobWaiter.WatchAsync(
            cloud,
            request,
            call.Get(_timeout),
            (latest, limit) => JobWaiter.TimeUp(jid, $"is not {word}", latest, limit)
        );
        await foreach (var reply in waiting)
        {
            if (reply is { Finished: true, Refusal: { } refusal })
                return CommandError.OfWait(refusal);
        }
        return new Report.Values([word], () => ReachedStatusDocument.Of(jid, request.Status));
    }
}
