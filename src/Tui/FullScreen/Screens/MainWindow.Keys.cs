using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.FullScreen.Screens;

internal sealed partial class MainWindow
{
    public void Press(KeyPress key)
    {
        Invalidate();
        if (Overlay is { } overlay)
        {
            if (!overlay.Press(key))
                OnUnhandled(key, overlay);
        }
        else if (!Top.Type(key) && Top.Keys.Find(key.Name) is { } act)
        {
            Do(act);
        }
    }

    public void Do(Act act)
    {
        if (act.Changes && Options.ReadOnly)
            ShowReadOnly();
        else if (Top.Handles(act))
            Top.Do(act);
        else
            DoOwn(act);
    }

    private void DoOwn(Act act)
    {
        if (Places.Roots.ContainsKey(act))
            Go(act);
        else if (act == GlobalKeys.Help)
            Ask(new HelpOverlay(this, Top.Keys));
        else if (act == GlobalKeys.Palette)
            Ask(Places.Palette(this));
        else if (act == GlobalKeys.Back)
            ClearOrBack();
        else if (act == GlobalKeys.Leave && _stack.Count > 1)
            Back();
        else if (act == GlobalKeys.Leave || act == GlobalKeys.Quit)
            Quit();
        else if (act == GlobalKeys.Last)
            Go(_lastRoot);
        else if (act == GlobalKeys.Freeze)
            Freeze();
        else if (act == GlobalKeys.Header)
            HeaderOn = !HeaderOn;
        else if (act == GlobalKeys.Mouse)
            SetMouse(!MouseOn);
        else if (act == GlobalKeys.Redraw)
            Effects.Enqueue(new Effect.Redraw());
    }

    public void SetMouse(bool on)
    {
        MouseOn = on;
        Effects.Enqueue(new Effect.Mouse(on));
        Choose(choices => choices with { Mouse = on });
        Say(
            on
                ? "Mouse on: clicks go to JobCloud."
                : "Mouse off: clicks select text in the terminal."
        );
    }

    public void ShowReadOnly() =>
        Say("JobCloud is read-only: changes are disabled.", ToastKind.Error);

    private void Freeze()
    {
        Frozen = !Frozen;
        if (Frozen)
            News = News with { Jobs = News.Jobs.Still() };
    }

    private void ClearOrBack()
    {
        if (!Top.Clear())
            Back();
    }

    private void OnUnhandled(KeyPress key, Overlay overlay)
    {
        if (key.Name == "Esc")
            Close(overlay);
        else if (key.Name == "^C")
            Quit();
    }
}
