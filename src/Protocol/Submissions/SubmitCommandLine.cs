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
        return Of(SubmissionDraft.KindOf(request), Words(request.Spec), given);
    }

    /// <summary>A shell command line that submits a job.</summary>
    /// <param name="command">The words of the job's command.</param>
    public static string Of(
        SubmissionKind kind,
        IReadOnlyList<string> command,
        IEnumerable<AttributeValues> given
    ) => "jobcloud " + ShellWords.Join(Words(kind, command, given));

    private static List<string> Words(
        SubmissionKind kind,
        IReadOnlyList<string> command,
        IEnumerable<AttributeValues> given
    )
    {
        var words = new List<string> { Verb(kind) };
        foreach (var (attribute, texts) in given)
            words.AddRange(texts.SelectMany(text => Words(attribute, text)));
        if (kind == SubmissionKind.Shell)
            return words;
        if (command is [['-', ..], ..])
            words.Add("--");
        words.AddRange(command);
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

    // One word is a shell line.
    private static IReadOnlyList<string> Words(JobSpec spec) =>
        spec.Argv && ShellWords.Split(spec.Command) is { Ok: true, Value: { Count: > 1 } words }
            ? words
            : [spec.Command];
}
