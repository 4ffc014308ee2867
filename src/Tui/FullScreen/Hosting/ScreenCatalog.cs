using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Commands;
using JobCloud.Tui.FullScreen.Screens.Detail;
using JobCloud.Tui.FullScreen.Screens.Events;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Screens.Nodes;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Pulse;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The catalogue of screens that other screens open.</summary>
internal static class ScreenCatalog
{
    public static Places All { get; } =
        new(
            new Dictionary<Act, Func<Frame, Screen>>
            {
                [FrameKeys.Jobs] = static frame => new JobsScreen(frame),
                [FrameKeys.Nodes] = static frame => new NodesScreen(frame),
                [FrameKeys.Pulse] = static frame => new PulseScreen(frame),
                [FrameKeys.Events] = static frame => new EventsScreen(frame),
            },
            static frame => new PaletteOverlay(frame),
            JobScreen.Open,
            OutputScreen.Open,
            SubmitScreen.Open
        );
}
