using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

internal sealed partial class MainWindow
{
    private const long Minute = 60_000_000;

    // Actions that show or use what is there now.
    private static readonly HashSet<KeyAction> OfNow =
    [
        JobsKeys.Shell,
        JobsKeys.Files,
        JobKeys.Shell,
        JobKeys.Files,
    ];

    private readonly Scrubber _scrubber;

    /// <summary>The past that is shown; null: the present.</summary>
    public PastLoader? Past { get; private set; }

    /// <summary>Shows everything as it was at an instant; one that is not past leads
    /// back.</summary>
    public void TravelTo(long at)
    {
        if (at >= Clock.NowMicroseconds())
        {
            ReturnToNow();
            return;
        }
        while (_stack.Exists(screen => !screen.ShowsPast))
            Back();
        Past ??= new PastLoader(this);
        Past.GoTo(Math.Max(1, at));
        foreach (var screen in _stack)
            screen.Moved();
        Invalidate();
    }

    /// <summary>Shows the present again.</summary>
    public void ReturnToNow()
    {
        if (Past is null)
            return;
        Past = null;
        Snapshot = _follower.Newest;
        foreach (var screen in _stack)
            screen.Moved();
        ShowToast("This is the present again.");
    }

    /// <summary>Says why an action is not available.</summary>
    public void ShowPast() =>
        ShowToast("This is the past: it can only be seen. Esc leads to now.", ToastKind.Error);

    /// <summary>Whether an action is available only now, and the past is shown.</summary>
    public bool IsTooLate(KeyAction action) =>
        Past is not null && (action.Changes || OfNow.Contains(action));

    private void Travel(long by) =>
        TravelTo((Past?.At ?? Clock.NowMicroseconds() / Minute * Minute) + by);

    private string TimeOf(long at) => Instants.Short(at, OffsetAt(at));

    private bool TickPast()
    {
        if (Past is not { } past)
            return false;
        if (past.Tick() is not { } snapshot)
            return _scrubber.Tick();
        Snapshot = snapshot;
        _scrubber.Tick();
        return true;
    }

    // In words, else in signs, else not at all.
    private static string CountsOf(PastLoader past, int room)
    {
        if (past.Counts is not (var processing, var unstarted))
            return "";
        var (runs, waits) = (StatusStyle.Of(Status.Processing), StatusStyle.Of(Status.Queued));
        string[] forms =
        [
            $"{processing} processing, {unstarted} waiting or queued",
            $"{runs.Glyph} {processing}  {waits.Glyph} {unstarted}",
        ];
        return forms.FirstOrDefault(form => form.Length <= room) ?? "";
    }

    // What is shown, and its source.
    private void PaintPast(Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var (isLoaded, error) = (Past!.IsLoaded, Past.Error);
        var x = canvas.Text(
            1,
            0,
            $"PAST {TimeOf(Past.At)}",
            new Style(Ink.Warning, Ground.Bar, Strong: true)
        );
        const string Keys = "[ ] { } move  Esc now";
        var end = canvas.Width - Keys.Length - 1;
        if (x + 2 <= end)
            canvas.TextRight(canvas.Width - 1, 0, Keys, new Style(Ink.Accent, Ground.Bar));
        x = canvas.Text(x + 2, 0, CountsOf(Past, end - x - 4), new Style(Ink.Text, Ground.Bar));
        var note =
            error.Length > 0 ? error
            : isLoaded ? "from the times of jobs and their events"
            : "loading…";
        canvas.Text(x + 2, 0, note, new Style(Ink.Muted, Ground.Bar), end - x - 4);
    }
}
