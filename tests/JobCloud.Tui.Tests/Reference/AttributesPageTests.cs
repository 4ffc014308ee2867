using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference page of the job attributes is their catalogue.</summary>
public sealed class AttributesPageTests
{
    private const string Start = """
        # Job attributes

        Generated from the catalogue of job attributes. Each is an option of `exec`, `mapexec` or
        `exec-shell`, a member of the requests of `batch`, and a field of the form in the
        full-screen UI.


        """;

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_job_attributes_is_their_catalogue()
    {
        var table = MarkdownTable.Of(
            ["option", "in JSON", "meaning", "default", "for"],
            JobAttributes.All.Select(Row)
        );

        GeneratedPage.Holds("docs/reference/attributes.md", Start + table);
    }

    private static string[] Row(JobAttribute attribute)
    {
        var kinds = Enum.GetValues<SubmissionKind>().Where(attribute.IsFor).ToList();
        var several = attribute.Value.IsRepeatable ? "; repeatable" : "";
        return
        [
            $"`{attribute.Usage}`",
            $"`{attribute.Member}`",
            attribute.Help + several,
            Default(attribute, kinds),
            string.Join(", ", kinds.Select(CommandOf)),
        ];
    }

    /// <summary>Shell jobs may have another default.</summary>
    private static string Default(JobAttribute attribute, List<SubmissionKind> kinds) =>
        string.Join(
            "; ",
            kinds
                .GroupBy(attribute.DefaultFor)
                .Where(same => same.Key.Length > 0)
                .Select(same =>
                    same.Count() == kinds.Count ? same.Key
                    : same.Contains(SubmissionKind.Shell) ? $"{same.Key} for `exec-shell`"
                    : same.Key
                )
        );

    private static string CommandOf(SubmissionKind kind) =>
        kind switch
        {
            SubmissionKind.Map => "`mapexec`",
            SubmissionKind.Shell => "`exec-shell`",
            _ => "`exec`",
        };
}
