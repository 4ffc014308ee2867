using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens.Events;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Screens.Nodes;
using JobCloud.Tui.FullScreen.Screens.Pulse;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The screens that a key opens from everywhere; each is made once.</summary>
internal static class RootScreens
{
    public static Dictionary<Act, Func<Screen>> Of(Frame frame) =>
        new()
        {
            [FrameKeys.Jobs] = () => new JobsScreen(frame),
            [FrameKeys.Nodes] = () => new NodesScreen(frame),
            [FrameKeys.Pulse] = () => new PulseScreen(frame),
            [FrameKeys.Events] = () => new EventsScreen(frame),
        };
}
