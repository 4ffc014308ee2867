using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The report of a change to jobs: a sentence on stderr; in JSON, the numbers.</summary>
internal static class ChangeReports
{
    /// <param name="done">What was done to how many jobs, such as "Killed {0}".</param>
    /// <param name="others">What holds for the others, such as "had already finished".</param>
    public static Report Of(ChangeReply reply, string done, string others) =>
        Of(reply, Sentence(reply, done, others));

    /// <summary>Nothing was selected.</summary>
    public static Report Unchanged(string note) => Of(new ChangeReply(), note);

    private static Report.Nothing Of(ChangeReply reply, string note) =>
        new(() => ChangeDocument.Of(reply)) { Note = note };

    private static string Sentence(ChangeReply reply, string done, string others)
    {
        if (reply.Selected == 0)
            return "No job matches; nothing was changed.";
        var changed = string.Format(done, Jobs(reply.Changed));
        var rest = reply.Selected - reply.Changed;
        var note = reply.Note.Length > 0 ? $" {reply.Note}" : "";
        return rest > 0 ? $"{changed}; {rest} {others}.{note}" : $"{changed}.";
    }

    public static string Jobs(long number) => number == 1 ? "1 job" : $"{number} jobs";
}
