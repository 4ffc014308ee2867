using System.Collections.Immutable;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>The form for a new job or map, with every option of <c>exec</c> and <c>mapexec</c>.
/// Shows the equivalent command and whether the cloud would accept it.</summary>
internal sealed class SubmitScreen : Screen
{
    private static readonly KeyTable Table = new("submit", SubmitKeys.All);

    /// <summary>The pause in typing after which the form is checked.</summary>
    private static readonly TimeSpan CheckAfter = TimeSpan.FromMilliseconds(300);

    private readonly LocalFiles _files = new();
    private readonly string _copyOf;
    private SubmitForm _form;
    private LineEditor _editor;
    private int _field;
    private TimeSpan? _changedAt;
    private IReadOnlyList<FieldError> _errors = [];
    private string _verdict = "";
    private int _version;
    private bool _sending;

    private SubmitScreen(MainWindow window, SubmitForm form, string copyOf)
        : base(window, Table)
    {
        (_form, _copyOf) = (form, copyOf);
        _editor = LineEditor.Of(_form[SubmitFields.Command]);
        _changedAt = copyOf.Length == 0 ? null : window.Elapsed;
        On(SubmitKeys.Next, () => Go(1));
        On(SubmitKeys.Previous, () => Go(-1));
        On(SubmitKeys.Submit, () => Send(follow: false));
        On(SubmitKeys.Follow, () => Send(follow: true));
        On(SubmitKeys.Copy, Copy);
        On(SubmitKeys.Clear, () => Change(SubmitForm.Empty));
    }

    public override bool ShowsPast => false;

    public override string Crumb => $"submit{_copyOf}";

    private JobAttribute Field => SubmitFields.All[_field];

    public static Screen Open(MainWindow window, JobDetail? like) =>
        like is null
            ? new SubmitScreen(window, SubmitForm.Empty, "")
            : new SubmitScreen(window, SubmitForm.Of(like), $" like {like.Jid}");

    public static Screen OpenMap(MainWindow window, MapReply map) =>
        new SubmitScreen(window, SubmitForm.Of(map), $" like {map.First}-{map.Last}");

    public override bool Tick()
    {
        if (_changedAt is not { } at || Window.Elapsed - at < CheckAfter)
            return false;
        _changedAt = null;
        Check();
        return true;
    }

    public override bool IsTyping => true;

    public override bool Type(KeyPress key)
    {
        if (Table.Find(key.Name) is { } action && SubmitKeys.All.Contains(action))
            return false;
        if (SubmitFields.Picks(Field) is { Count: > 0 } picks)
            return Pick(key, picks);
        if (_editor.Press(key) is not { } next)
            return false;
        _editor = next;
        if (next.Text != _form[Field])
            Change(_form.With(Field, next.Text));
        return true;
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing == MouseAction.Click && SubmitPainting.FieldAt(x, y, _width) is { } hit)
            Go(hit - _field);
    }

    private int _width = 80;

    public override void Paint(Canvas canvas)
    {
        _width = canvas.Width;
        SubmitPainting.Fields(canvas, _form, _field, _editor, _errors);
        var y = SubmitPainting.Rows;
        var option = Field == SubmitFields.Command ? "" : $"{Field.Option} ";
        canvas.Text(1, y, option + Field.Help, Ink.Muted);
        SubmitPainting.Command(canvas.Part(1, y + 1, canvas.Width - 2, 2), CommandLine);
        if (_form.UsesLike)
            canvas.Text(1, y + 4, $"Submits {_form.Like}, unless others are given.", Ink.Muted);
        var error = _errors.FirstOrDefault(p => p.Field == Field) ?? _errors.FirstOrDefault();
        if (error is not null)
            canvas.Text(1, y + 3, $"✗ {error.Message}", Ink.Error);
        else
            canvas.Text(1, y + 3, _verdict, Ink.Done);
    }

    private bool Pick(KeyPress key, IReadOnlyList<string> picks)
    {
        var step = key.Name switch
        {
            "Space" or "Right" => 1,
            "Left" => picks.Count - 1,
            _ => 0,
        };
        if (step == 0)
            return key.Text.Length > 0;
        var at = Math.Max(0, picks.ToList().IndexOf(_form[Field]));
        Change(_form.With(Field, picks[(at + step) % picks.Count]));
        return true;
    }

    private void Go(int fields)
    {
        _field = (_field + fields + SubmitFields.All.Count) % SubmitFields.All.Count;
        _editor = LineEditor.Of(_form[Field]);
    }

    private void Change(SubmitForm form)
    {
        _form = form;
        if (_editor.Text != form[Field])
            _editor = LineEditor.Of(form[Field]);
        (_changedAt, _verdict) = (Window.Elapsed, "");
        _version++;
    }

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

    // No command has the elements of another map.
    private string CommandLine =>
        SubmitCommand.Line(_form) + (_form.UsesLike ? $"  # with {_form.Like}" : "");

    private void Copy()
    {
        Window.Effects.Enqueue(new Effect.Copy(CommandLine));
        Window.ShowToast(
            _form.UsesLike
                ? "Copied the command; give the values of the map with -n or -N."
                : "Copied the command."
        );
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
