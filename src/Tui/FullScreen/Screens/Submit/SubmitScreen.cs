using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>The form for a new job or map, with every option of <c>exec</c> and <c>mapexec</c>.
/// Shows the equivalent command and whether the cloud would accept it.</summary>
internal sealed partial class SubmitScreen : Screen
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
        On(
            SubmitKeys.Choose,
            () => FieldChoices.Open(Window, Field, Put),
            () => FieldChoices.Has(Field),
            "Type a value: there is no list for this field."
        );
        On(SubmitKeys.Submit, () => Send(follow: false));
        On(SubmitKeys.Follow, () => Send(follow: true));
        On(SubmitKeys.Copy, Copy);
        On(SubmitKeys.Clear, () => Change(SubmitForm.Empty));
    }

    public override bool ShowsPast => false;

    public override string Crumb => $"submit{_copyOf}";

    private JobAttribute Field => SubmitFields.All[_field];

    /// <summary>The label of the field that has the focus.</summary>
    public string FieldName => Field.Label;

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
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            Go(pointing == MouseAction.WheelUp ? -1 : 1);
        else if (y < _fields && SubmitPainting.FieldAt(x, y + _top, _width) is { } hit)
            Go(hit - _field);
    }

    // Below the fields: the help, the command, errors, and what is submitted again.
    private const int LinesBelow = 5;
    private const int MinLinesBelow = 3;

    private int _width = 80;
    private int _fields;
    private int _top;

    public override void Paint(Canvas canvas)
    {
        var rows = SubmitPainting.Rows(canvas.Width);
        var isTall = canvas.Height >= rows + LinesBelow;
        _width = canvas.Width;
        _fields = Math.Clamp(canvas.Height - (isTall ? LinesBelow : MinLinesBelow), 1, rows);
        _top = SubmitPainting.Top(_top, _field, canvas.Width, _fields);
        var fields = canvas.Part(0, 0, canvas.Width, _fields);
        SubmitPainting.Fields(fields, _form, _field, _editor, _errors, _top);
        PaintBelow(canvas.Part(0, _fields, canvas.Width, canvas.Height - _fields), isTall);
        if (rows > _fields)
            canvas.TextRight(canvas.Width - 1, _fields, Place(rows), Ink.Accent);
    }

    // Which of the fields are in sight.
    private string Place(int rows) =>
        $" {(_top > 0 ? "▲" : " ")}{(_top + _fields < rows ? "▼" : " ")}";

    private void PaintBelow(Canvas canvas, bool isTall)
    {
        var option = Field == SubmitFields.Command ? "" : $"{Field.Option} ";
        canvas.Text(1, 0, option + Field.Help, Ink.Muted, canvas.Width - 5);
        var lines = isTall ? 2 : 1;
        SubmitPainting.Command(canvas.Part(1, 1, canvas.Width - 2, lines), CommandLine);
        if (_form.UsesLike)
            canvas.Text(1, 4, $"Submits {_form.Like} unless you give other values.", Ink.Muted);
        var error = _errors.FirstOrDefault(p => p.Field == Field) ?? _errors.FirstOrDefault();
        if (error is not null)
            canvas.Text(1, 1 + lines, $"✗ {error.Message}", Ink.Error);
        else
            canvas.Text(1, 1 + lines, _verdict, Ink.Done);
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

    // A field of several values gets one more.
    private void Put(string value)
    {
        var word = Field.Value.IsRepeatable ? ShellWords.Quote(value) : value;
        var text = Field.Value.IsRepeatable ? $"{_form[Field]} {word}".TrimStart() : word;
        Change(_form.With(Field, text));
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
}
