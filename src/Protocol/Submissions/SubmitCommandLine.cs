using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Formats the headless command of a submission.</summary>
public static class SubmitCommandLine
{
    /// <summary>A shell command line that submits a job again.</summary>
    public static string Of(JobDetail job)
    {
        var request = Resubmission.Of(job);
        var given = JobAttributes.Given(request);
        return Of(SubmissionDraft.KindOf(request), request.Spec.Command, given);
    }

    /// <summary>A shell command line that submits a job.</summary>
    public static string Of(
        SubmissionKind kind,
        string command,
        IEnumerable<AttributeValues> given
    ) => "jobcloud " + ShellWords.Join(Words(kind, command, given));

    private static List<string> Words(
        SubmissionKind kind,
        string command,
        IEnumerable<AttributeValues> given
    )
    {
        var words = new List<string> { Verb(kind) };
        foreach (var (attribute, texts) in given)
            words.AddRange(texts.SelectMany(text => Words(attribute, text)));
        if (kind == SubmissionKind.Shell)
            return words;
        if (command.StartsWith('-'))
            words.Add("--");
        words.AddRange(Words(command));
        return words;
    }

    private static string Verb(SubmissionKind kind) =>
        kind switch
        {
            SubmissionKind.Map => "mapexec",
            SubmissionKind.Shell => "exec-shell",
            _ => "exec",
        };

    private static string[] Words(JobAttribute attribute, string text) =>
        attribute.Kind == AttributeKind.Flag
            ? text == JobAttribute.On
                ? [attribute.Option]
                : []
            : text.Length == 0 || text[0] is '-' or '@'
                ? [$"{attribute.Option}={text}"]
                : [attribute.Option, text];

    // The client joins the words of the command with spaces. If that would change it, quote it as
    // one.
    private static string[] Words(string command)
    {
        var words = command.Split(' ');
        return words.All(word => word.Length > 0 && ShellWords.Quote(word) == word)
            ? words
            : [command];
    }
}
