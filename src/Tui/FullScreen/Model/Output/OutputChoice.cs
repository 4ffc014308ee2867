using JobCloud.Protocol;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>What of a job can be read as lines.</summary>
/// <param name="Streams">One, or two that are shown in one as they come; none: an info
/// item.</param>
internal sealed record OutputChoice(string Name, params OutputStream[] Streams)
{
    /// <summary>In the order that the key walks.</summary>
    public static IReadOnlyList<OutputChoice> All { get; } =
    [
        new("stdout+stderr", OutputStream.Stdout, OutputStream.Stderr),
        new("stdout", OutputStream.Stdout),
        new("stderr", OutputStream.Stderr),
        new("logging", OutputStream.Logging),
        new("syslog", OutputStream.Syslog),
        new("pilog"),
        new("profile", OutputStream.Profile),
        new("result", OutputStream.Result),
    ];

    public bool IsItem => Streams.Length == 0;
    public bool IsBoth => Streams.Length == 2;

    /// <summary>The choice so many places further, around the end.</summary>
    public OutputChoice Next(int places)
    {
        var at = All.ToList().IndexOf(this) + places;
        return All[(at % All.Count + All.Count) % All.Count];
    }
}
