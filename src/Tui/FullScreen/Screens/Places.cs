using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The screens that there are; the frame knows only how to open them.</summary>
/// <param name="Roots">Opened by a key from everywhere; each is made once.</param>
/// <param name="Palette">The command line.</param>
/// <param name="Job">All about a job.</param>
/// <param name="Output">What a job wrote.</param>
/// <param name="Submit">The form for a new job, filled in from one where given.</param>
internal sealed record Places(
    IReadOnlyDictionary<Act, Func<Frame, Screen>> Roots,
    Func<Frame, Overlay> Palette,
    Func<Frame, long, Screen> Job,
    Func<Frame, long, Screen> Output,
    Func<Frame, JobDetail?, Screen> Submit
);
