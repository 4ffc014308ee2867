using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Commands;
using JobCloud.Tui.FullScreen.Screens.Detail;
using JobCloud.Tui.FullScreen.Screens.Events;
using JobCloud.Tui.FullScreen.Screens.Files;
using JobCloud.Tui.FullScreen.Screens.Forecasts;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Screens.Maps;
using JobCloud.Tui.FullScreen.Screens.Nodes;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Pulse;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The catalogue of screens that other screens open.</summary>
internal static class ScreenCatalog
{
    public static ScreenFactories All { get; } =
        new(
            new Dictionary<KeyAction, Func<MainWindow, Screen>>
            {
                [GlobalKeys.Jobs] = static window => new JobsScreen(window),
                [GlobalKeys.Nodes] = static window => new NodesScreen(window),
                [GlobalKeys.Pulse] = static window => new PulseScreen(window),
                [GlobalKeys.Events] = static window => new EventsScreen(window),
                [GlobalKeys.Forecast] = static window => new ForecastScreen(window),
            },
            static window => new PaletteOverlay(window),
            JobScreen.Open,
            JobScreen.Events,
            JobScreen.Explain,
            FilesScreen.Open,
            MapScreen.Open,
            OutputScreen.Open,
            SubmitScreen.Open,
            SubmitScreen.OpenMap,
            JobsScreen.ShowStatus,
            JobsScreen.ShowFailed
        );
}
