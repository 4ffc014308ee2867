using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model.Submit;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

internal sealed partial class SubmitScreen
{
    // Shows errors in the form itself; without any, asks the cloud with a dry run.
    private void Check()
    {
        var version = _version;
        Read(reading =>
        {
            if (version != _version)
                return;
            _errors = reading.Errors;
            if (_errors.Count == 0)
                Check(reading, version);
        });
    }

    private void Check(SubmitReading reading, int version)
    {
        reading.Request.DryRun = true;
        _ = AskAsync(
            reading.Request,
            answer =>
            {
                if (version != _version)
                    return;
                if (answer.Refusal is { } refusal)
                    _errors = [new(null, refusal.Message)];
                else
                    _verdict =
                        reading.Request.Count == 1
                            ? "✓ The cloud would accept this job."
                            : $"✓ The cloud would accept this map of {reading.Request.Count} jobs.";
            }
        );
    }

    /// <summary>Reads the form. Files may be large, so the keys do not wait for them.</summary>
    private void Read(Action<SubmitReading> then)
    {
        var form = _form;
        if (!form.MayNameFiles)
            then(Read(form));
        else
            _ = Task.Run(() =>
            {
                var reading = Read(form);
                Post(() => then(reading));
            });
    }

    private SubmitReading Read(SubmitForm form)
    {
        var reading = form.Read(_files);
        var place = SubmissionPlaces.Of(_files, Window.Options.IsLocal);
        reading.Request.Place = place.Value;
        return place.Ok
            ? reading
            : reading with
            {
                Errors = [.. reading.Errors, new(null, place.Error.Message)],
            };
    }

    private void Send(bool follow)
    {
        if (_sending)
            return;
        // Else the request would wait for a node, for as long as it takes to join.
        if (Window.Cloud.Link is { State: not LinkState.Live } link)
        {
            var why = link.Why.Length > 0 ? $": {link.Why}" : "";
            _errors = [new(null, $"Not submitted: there is no connection to a node{why}.")];
            return;
        }
        _sending = true;
        Read(reading =>
        {
            _errors = reading.Errors;
            _sending = _errors.Count == 0;
            if (_sending)
                Send(reading.Request, follow);
        });
    }

    private void Send(SubmitRequest request, bool follow)
    {
        // The request id makes a repeated submission idempotent.
        request.RequestId = Guid.NewGuid().ToString("N");
        _ = SendAsync(
            request,
            answer =>
            {
                _sending = false;
                if (answer.Refusal is { } refusal)
                    _errors = [new(null, refusal.Message)];
                else
                    Submitted(answer.Message!, follow);
            }
        );
    }

    private void Submitted(SubmitReply reply, bool follow)
    {
        var jids = reply.Last > reply.First ? $"{reply.First}-{reply.Last}" : $"{reply.First}";
        if (CapacityNote.Of(reply) is { } note)
            Window.ShowToast(note, ToastKind.Note);
        else
            Window.ShowToast($"Submitted {jids}.", ToastKind.Done);
        if (Window.Top != this)
            return;
        Window.Back();
        Window.NewJob = reply.First;
        if (follow)
            Window.Open(Window.Screens.Output(Window, new Jid(reply.First)));
    }

    /// <summary>Sends the files, then the request.</summary>
    private async Task SendAsync(SubmitRequest request, Action<CallResult<SubmitReply>> then)
    {
        var blobs = SentContents.Blobs(request.Spec, request.Columns);
        var upload = new FileUpload(Window.Cloud, _files, Show);
        try
        {
            for (var tries = 1; ; tries++)
            {
                var refusal =
                    blobs.Count == 0
                        ? null
                        : await upload.SendAsync(blobs, Window.Life).ConfigureAwait(false);
                var answer = refusal is null
                    ? await SubmitAsync(request).ConfigureAwait(false)
                    : new CallResult<SubmitReply>(null, refusal);
                // The last job with one of these files may have been deleted in between.
                if (blobs.Count > 0 && tries == 1 && answer.Refusal?.Code == RefusalCode.NotFound)
                    continue;
                Post(() => then(answer));
                return;
            }
        }
        catch (OperationCanceledException) { }
    }

    private void Show(string progress) => Post(() => _verdict = progress);

    private async Task AskAsync(SubmitRequest request, Action<CallResult<SubmitReply>> then)
    {
        try
        {
            var answer = await SubmitAsync(request).ConfigureAwait(false);
            Post(() => then(answer));
        }
        catch (OperationCanceledException) { }
    }

    private Task<CallResult<SubmitReply>> SubmitAsync(SubmitRequest request) =>
        Window.Cloud.AskAsync(CloudCalls.Submit.With(request), Window.Life);

    private void Post(Action change) =>
        Window.Post(() =>
        {
            change();
            Window.Invalidate();
        });
}
