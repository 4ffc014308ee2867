using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The headless command that submits the same as a form.</summary>
internal static class SubmitCommand
{
    /// <summary>A line to paste into a shell.</summary>
    public static string Line(SubmitForm form) =>
        SubmitLine.Of(
            form.Kind,
            form[SubmitFields.Command],
            SubmitFields
                .All.Where(field => field != SubmitFields.Command)
                .Select(field => new AttributeValues(field, form.Values(field).Value ?? []))
        );
}
