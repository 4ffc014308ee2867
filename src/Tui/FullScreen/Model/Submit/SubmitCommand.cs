using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>Prints the headless command that submits the same as a form.</summary>
internal static class SubmitCommand
{
    /// <summary>The command line, ready to paste into a shell.</summary>
    public static string Line(SubmitForm form) =>
        SubmitCommandLine.Of(
            form.Kind,
            form.CommandWords,
            SubmitFields
                .All.Where(field => field != SubmitFields.Command)
                .Select(field => new AttributeValues(field, form.Values(field).Value ?? []))
        );
}
