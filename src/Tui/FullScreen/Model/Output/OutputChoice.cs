using JobCloud.Protocol;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A source of lines of a job: streams or an info item.</summary>
/// <param name="Streams">One stream, or two merged in order of arrival; none: an info item.</param>
internal sealed record OutputChoice(string Name, params OutputStream[] Streams)
{
    /// <summary>The choices in the order in which the key steps through them.</summary>
    public static IReadOnlyList<OutputChoice> All { get; } =
    [
        new("stdout+stderr", OutputStream.Stdout, OutputStream.Stderr),
        new("stdout", OutputStream.Stdout),
        new("stderr", OutputStream.Stderr),
        new("logging", OutputStream.Logging),
        new("syslog", OutputStream.Syslog),
        new("pilog"),
        new("exception", OutputStream.Exception),
        new("profile", OutputStream.Profile),
        new("result", OutputStream.Result),
    ];

    public bool IsItem => Streams.Length == 0;
    public bool IsBoth => Streams.Length == 2;

    /// <summary>The choice of one stream alone.</summary>
    public static OutputChoice Of(OutputStream stream) =>
        All.First(choice => choice.Streams is [var only] && only == stream);

    /// <summary>The choice a number of places further, with wrap-around.</summary>
    public OutputChoice Next(int places)
    {
        var at = All.ToList().IndexOf(this) + places;
        return All[(at % All.Count + All.Count) % All.Count];
    }
}
