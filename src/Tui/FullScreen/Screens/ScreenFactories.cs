using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>Factories of the screens, so that the main window does not depend on them.</summary>
/// <param name="Roots">The root screens, each opened by a key from everywhere and created
/// once.</param>
/// <param name="Palette">The command palette.</param>
/// <param name="Job">The screen of a job.</param>
/// <param name="Events">The events of a job.</param>
/// <param name="Explain">Why a job has its status.</param>
/// <param name="Files">The files in a job's own directory.</param>
/// <param name="Map">The screen of a map, given any of its jobs.</param>
/// <param name="Output">The output of a job.</param>
/// <param name="Submit">The submission form, with a copy of a job if one is given.</param>
/// <param name="SubmitMap">The submission form with a copy of a map.</param>
/// <param name="ShowStatus">Shows the jobs of a status in the job table.</param>
/// <param name="ShowFailed">Shows the jobs that failed between two instants.</param>
internal sealed record ScreenFactories(
    IReadOnlyDictionary<KeyAction, Func<MainWindow, Screen>> Roots,
    Func<MainWindow, Overlay> Palette,
    Func<MainWindow, Jid, Screen> Job,
    Func<MainWindow, Jid, Screen> Events,
    Func<MainWindow, Jid, Screen> Explain,
    Func<MainWindow, Jid, Screen> Files,
    Func<MainWindow, Jid, Screen> Map,
    Func<MainWindow, Jid, Screen> Output,
    Func<MainWindow, JobDetail?, Screen> Submit,
    Func<MainWindow, MapReply, Screen> SubmitMap,
    Action<MainWindow, Status> ShowStatus,
    Action<MainWindow, long, long> ShowFailed
);
