using JobCloud.Tui.FullScreen.Screens.Detail;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The screens about one job.</summary>
internal static class JobPlaces
{
    public static Places All { get; } = new(JobScreen.Open, OutputScreen.Open, SubmitScreen.Open);
}
