using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The base of the commands that submit jobs.</summary>
internal abstract class SubmissionCommand : CloudCommand
{
    private readonly SubmissionOptions _submission;

    protected SubmissionCommand(SubmissionKind kind, string name, string summary)
        : base(name, summary)
    {
        _submission = new SubmissionOptions(kind, this);
        TakesCommandLine = kind != SubmissionKind.Shell;
    }

    public override bool TakesCommandLine { get; }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var files = UploadProgress.Files(call.Terminal);
        var request = _submission.Read(call, files);
        if (!request.Ok)
            return UsageError(request.Error.Message);
        if (SubmissionSteps.Check(request.Value) is { } error)
            return error;

        using var cloud = await call.ConnectAsync();
        request.Value.Place = SubmissionSender.PlaceOf(call.Terminal.Submitter, cloud);
        var reply = await SubmissionSender.SendAsync(cloud, request.Value, files);
        if (CapacityNote.Of(reply) is { } note && call.ShowsNotes)
            call.Terminal.Error.WriteLine(note);
        return request.Value.DryRun
            ? SubmissionSteps.Checked(call.Terminal, request.Value, reply)
            : await SubmittedAsync(call, cloud, reply, request.Value);
    }

    /// <summary>Reports or follows the submitted jobs.</summary>
    protected abstract Task<Report> SubmittedAsync(
        Invocation call,
        CloudConnection cloud,
        SubmitReply reply,
        SubmitRequest request
    );
}
