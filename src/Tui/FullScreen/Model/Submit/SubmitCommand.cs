using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The headless command that submits the same as a form.</summary>
internal static class SubmitCommand
{
    /// <summary>Its arguments, the program's name left out.</summary>
    public static IReadOnlyList<string> Words(SubmitForm form)
    {
        var words = new List<string> { form.IsMap ? "mapexec" : "exec" };
        foreach (var field in SubmitFields.All.Where(f => f.Option.Length > 0))
        {
            foreach (var value in form.Values(field).Value ?? [])
            {
                if (field.Kind == FieldKind.Flag)
                    words.Add(field.Option);
                else if (value.Length == 0 || value[0] is '-' or '@')
                    words.Add($"{field.Option}={value}");
                else
                    words.AddRange([field.Option, value]);
            }
        }
        var command = form[SubmitFields.Command];
        if (command.StartsWith('-'))
            words.Add("--");
        words.AddRange(Words(command));
        return words;
    }

    /// <summary>A line to paste into a shell.</summary>
    public static string Line(SubmitForm form) => "jobcloud " + ShellWords.Join(Words(form));

    // The command's words are joined by one blank each; where that is not what it was, it is one word.
    private static string[] Words(string command)
    {
        var words = command.Split(' ');
        return words.All(word => word.Length > 0 && ShellWords.Quote(word) == word)
            ? words
            : [command];
    }
}
