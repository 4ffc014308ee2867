using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The fields of the submission form: the attributes of jobs and maps.</summary>
internal static class SubmitFields
{
    public static JobAttribute Command => JobAttributes.Command;
    public static JobAttribute Shell => JobAttributes.Shell;

    public static IReadOnlyList<JobAttribute> All { get; } =
    [
        Command,
        .. JobAttributes.All.Where(attribute =>
            attribute.Scope is not (AttributeScope.Shell or AttributeScope.Submission)
        ),
    ];

    /// <summary>The default, shown in an empty field.</summary>
    public static string Default(JobAttribute field) => field.DefaultFor(SubmissionKind.Map);

    /// <summary>The texts to choose from; empty: the text is typed.</summary>
    public static IReadOnlyList<string> Picks(JobAttribute field) =>
        field.Kind == AttributeKind.Flag ? ["", JobAttribute.On]
        : field.Value.Choices.Count > 0 ? ["", .. field.Value.Choices]
        : [];
}
