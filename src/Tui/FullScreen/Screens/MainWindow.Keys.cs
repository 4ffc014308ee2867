using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.FullScreen.Screens;

internal sealed partial class MainWindow
{
    public void Press(KeyPress key)
    {
        Invalidate();
        // In text fields and dialogs too, as in a shell.
        if (key.Name == GlobalKeys.Suspend.Names[0])
        {
            Effects.Enqueue(new Effect.Suspend());
        }
        else if (Overlay is { } overlay)
        {
            if (!overlay.Press(key))
                OnUnhandled(key, overlay);
        }
        else if (!Top.Type(key) && Top.Keys.Find(key.Name) is { } action)
        {
            Do(action);
        }
    }

    /// <summary>Inserts pasted text into the focused text field. It never acts as keys.</summary>
    public void Paste(string text)
    {
        var line = PastedText.OneLine(text);
        if (line.Length == 0)
            return;
        Invalidate();
        var key = new KeyPress(PastedText.KeyName, line);
        if (!(Overlay?.Press(key) ?? Top.Type(key)))
            ShowToast("Open a text field first: pasted text does not act as keys.");
    }

    public void Do(KeyAction action)
    {
        if (IsTooLate(action))
            ShowPast();
        else if (action.Changes && Options.ReadOnly)
            ShowReadOnly();
        else if (Top.Handles(action))
            Top.Do(action);
        else
            DoOwn(action);
    }

    private void DoOwn(KeyAction action)
    {
        if (Screens.Roots.ContainsKey(action))
            Go(action);
        else if (action == GlobalKeys.Help)
            ShowDialog(new HelpOverlay(this, Top.Keys));
        else if (action == GlobalKeys.Palette)
            ShowDialog(Screens.Palette(this));
        else if (action == GlobalKeys.Back)
            ClearOrBack();
        else if (action == GlobalKeys.BackOrQuit && _stack.Count > 1)
            Back();
        else if (action == GlobalKeys.BackOrQuit || action == GlobalKeys.Quit)
            Quit();
        else if (action == GlobalKeys.PreviousScreen)
            Go(_lastRoot);
        else if (action == GlobalKeys.StartNode)
            StartNode();
        else if (action == GlobalKeys.Earlier)
            Travel(-Minute);
        else if (action == GlobalKeys.Later)
            Travel(Minute);
        else if (action == GlobalKeys.MuchEarlier)
            Travel(-60 * Minute);
        else if (action == GlobalKeys.MuchLater)
            Travel(60 * Minute);
        else if (action == GlobalKeys.Freeze)
            Freeze();
        else if (action == GlobalKeys.Header)
            HeaderOn = !HeaderOn;
        else if (action == GlobalKeys.Mouse)
            SetMouse(!MouseOn);
        else if (action == GlobalKeys.Redraw)
            Effects.Enqueue(new Effect.Redraw());
    }

    public void SetMouse(bool on)
    {
        MouseOn = on;
        Effects.Enqueue(new Effect.Mouse(on));
        ChangePreferences(preferences => preferences with { Mouse = on });
        ShowToast(
            on
                ? "Mouse on: clicks go to JobCloud."
                : "Mouse off: clicks select text in the terminal."
        );
    }

    public void ShowReadOnly() =>
        ShowToast("JobCloud is read-only: changes are disabled.", ToastKind.Error);

    private void StartNode()
    {
        if (_link.State == LinkState.Live)
            ShowToast("The node runs.");
        else if (!Cloud.CanStartNode)
            ShowToast("The UI cannot start this node: it was named with --server.");
        else
            Cloud.StartNode();
    }

    private void Freeze()
    {
        Frozen = !Frozen;
        if (Frozen)
            Snapshot = Snapshot with { Jobs = Snapshot.Jobs.Frozen() };
    }

    private void ClearOrBack()
    {
        if (Top.Clear())
            return;
        if (_stack.Count > 1)
            Back();
        else
            ReturnToNow();
    }

    private void OnUnhandled(KeyPress key, Overlay overlay)
    {
        if (key.Name == "Esc")
            Close(overlay);
        else if (key.Name == "^C")
            Quit();
    }
}
