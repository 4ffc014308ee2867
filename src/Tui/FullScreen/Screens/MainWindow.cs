using System.Collections.Concurrent;
using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The main window: a stack of screens with dialogs over them, header, footer and toasts.
/// Independent of the terminal: keys and ticks go in, cells and effects come out.</summary>
internal sealed partial class MainWindow
{
    private static readonly TimeSpan ToastTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ErrorTime = TimeSpan.FromSeconds(12);

    private readonly CloudFollower _follower;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly CancellationTokenSource _life = new();
    private readonly long _began;
    private readonly List<Screen> _stack = [];
    private readonly List<Overlay> _overlays = [];
    private readonly Dictionary<KeyAction, Screen> _roots = [];
    private KeyAction _root = GlobalKeys.Jobs;
    private KeyAction _lastRoot = GlobalKeys.Jobs;
    private Link _link;
    private IReadOnlyList<long> _visible = [];
    private long _second;
    private bool _dirty = true;

    public MainWindow(
        ICloud cloud,
        CloudFollower follower,
        TimeProvider clock,
        MainWindowOptions options,
        ScreenFactories places
    )
    {
        _began = clock.GetTimestamp();
        (Cloud, _follower, Clock, Options, Screens) = (cloud, follower, clock, options, places);
        (_link, Snapshot, Palette, Ascii) = (
            cloud.Link,
            follower.Newest,
            options.Palette,
            options.Ascii
        );
        (MouseOn, Preferences) = (options.Mouse, options.Preferences);
        _scrubber = new Scrubber(this);
        Go(GlobalKeys.Jobs);
    }

    public ICloud Cloud { get; }
    public CloudFollower Follower => _follower;
    public TimeProvider Clock { get; }
    public MainWindowOptions Options { get; }
    public ScreenFactories Screens { get; }

    /// <summary>The snapshot shown; while frozen, the one at that time.</summary>
    public Snapshot Snapshot { get; private set; }

    public Palette Palette { get; set; }
    public bool Ascii { get; set; }

    /// <summary>The user's current preferences.</summary>
    public Preferences Preferences { get; private set; }
    public bool MouseOn { get; private set; }
    public bool Frozen { get; private set; }
    public bool HeaderOn { get; private set; } = true;
    public Toast? Toast { get; private set; }

    /// <summary>The job just submitted, which the table shows as soon as it has it; 0:
    /// none.</summary>
    public long NewJob { get; set; }

    /// <summary>The command history of the palette.</summary>
    public CommandHistory History { get; } = new();

    /// <summary>The effects that the host has to perform.</summary>
    public Queue<Effect> Effects { get; } = new();

    /// <summary>The key of the root screen that is open or below those that are.</summary>
    public KeyAction RootKey => _root;

    public Screen Top => _stack[^1];
    public Overlay? Overlay => _overlays.Count > 0 ? _overlays[^1] : null;

    /// <summary>µs since 1970; of the past, the instant that is shown; while the data is stale,
    /// when it was last current.</summary>
    public long Now =>
        Past?.At ?? (IsStale ? _link.Since.ToMicroseconds() : Clock.NowMicroseconds());

    /// <summary>Whether what is shown is no longer current.</summary>
    public bool IsStale => _link.State == LinkState.Stale;

    /// <summary>The time since its creation, which follows no wall clock.</summary>
    public TimeSpan Elapsed => Clock.GetElapsedTime(_began);

    public TimeSpan OffsetAt(long micros) =>
        Options.Zone.GetUtcOffset(Microseconds.ToInstant(micros));

    /// <summary>Opens a screen on top of the stack.</summary>
    public void Open(Screen screen)
    {
        _stack.Add(screen);
        screen.Shown();
        Invalidate();
    }

    /// <summary>Goes back to the screen below; the first screen stays.</summary>
    public void Back()
    {
        if (_stack.Count < 2)
            return;
        var left = Top;
        _stack.RemoveAt(_stack.Count - 1);
        left.Closed();
        Top.Shown();
        Invalidate();
    }

    /// <summary>Switches to a root screen.</summary>
    public void Go(KeyAction root)
    {
        while (_stack.Count > 1)
            Back();
        if (!_roots.TryGetValue(root, out var screen))
            _roots[root] = screen = Screens.Roots[root](this);
        if (root != _root)
            (_lastRoot, _root) = (_root, root);
        _stack.Clear();
        Open(screen);
    }

    public T Root<T>(KeyAction root)
        where T : Screen
    {
        Go(root);
        return (T)Top;
    }

    /// <summary>Shows a dialog.</summary>
    public void ShowDialog(Overlay overlay)
    {
        _overlays.Add(overlay);
        Invalidate();
    }

    public void Close(Overlay overlay)
    {
        if (!_overlays.Remove(overlay))
            return;
        overlay.Closed();
        Invalidate();
    }

    public void ShowToast(string text, ToastKind kind = ToastKind.Note)
    {
        var time = kind == ToastKind.Error ? ErrorTime : ToastTime;
        Toast = new Toast(text, kind, Elapsed + time);
        Invalidate();
    }

    /// <summary>Sends a request; shows a refusal as a toast and passes any other reply to
    /// <paramref name="then"/>.</summary>
    public void Send<T>(CallRequest<T> request, Action<T> then)
        where T : class, IMessage<T> => _ = SendAsync(request, then);

    /// <summary>Runs an action on the UI thread at the next tick. Thread-safe.</summary>
    public void Post(Action action) => _posted.Enqueue(action);

    /// <summary>Requests a repaint.</summary>
    public void Invalidate() => _dirty = true;

    /// <summary>Changes the user's preferences and saves them.</summary>
    public void ChangePreferences(Func<Preferences, Preferences> change)
    {
        Preferences = change(Preferences);
        Effects.Enqueue(new Effect.SavePreferences(Preferences));
        Invalidate();
    }

    public void Quit() => Effects.Enqueue(new Effect.Quit());

    /// <summary>Cancelled when the UI ends.</summary>
    public CancellationToken Life => _life.Token;

    /// <summary>Closes all screens and cancels the pending requests.</summary>
    public void End()
    {
        while (_stack.Count > 1)
            Back();
        _life.Cancel();
    }

    /// <summary>Called ten times per second; returns whether to repaint.</summary>
    public bool Tick()
    {
        while (_posted.TryDequeue(out var action))
            action();
        var now = Elapsed;
        if (
            Past is null
            && !Frozen
            && _follower.Newest is var newest
            && newest.Version != Snapshot.Version
        )
        {
            Snapshot = newest;
            Invalidate();
        }
        if (TickPast())
            Invalidate();
        if (Cloud.Link != _link)
        {
            _link = Cloud.Link;
            Invalidate();
        }
        if (Toast is { } toast && now >= toast.Until)
        {
            Toast = null;
            Invalidate();
        }
        if (Clock.GetUtcNow().ToUnixTimeSeconds() is var second && second != _second)
        {
            _second = second;
            foreach (var root in _roots.Values)
                root.Watch();
            Invalidate();
        }
        if (Top.Tick() | (Overlay?.Tick() ?? false))
            Invalidate();
        var visible = Past is null ? Top.VisibleJobs : [];
        if (!visible.SequenceEqual(_visible))
            _follower.SetVisible(_visible = visible);
        return _dirty;
    }

    private async Task SendAsync<T>(CallRequest<T> request, Action<T> then)
        where T : class, IMessage<T>
    {
        try
        {
            var reply = await Cloud.AskAsync(request, _life.Token).ConfigureAwait(false);
            Post(() => Take(reply, then));
        }
        catch (OperationCanceledException) { }
    }

    private void Take<T>(CallResult<T> answer, Action<T> then)
        where T : class
    {
        if (answer.Message is { } reply)
            then(reply);
        else
            ShowToast(answer.Refusal!.Message, ToastKind.Error);
        Invalidate();
    }
}
