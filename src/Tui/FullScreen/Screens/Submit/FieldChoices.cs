using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Offers the values of a field of the form to choose from.</summary>
internal static class FieldChoices
{
    public static bool Has(JobAttribute field) =>
        field.NamesOf != DefinitionKind.Unspecified || field.Value.Choices.Count > 0;

    /// <param name="chosen">Receives the value, on the UI thread.</param>
    public static void Open(MainWindow window, JobAttribute field, Action<string> chosen)
    {
        if (field.NamesOf == DefinitionKind.Unspecified)
            Show([.. field.Value.Choices.Select(name => new Offer(name, ""))]);
        else
            window.Send(
                CloudCalls.Definitions.With(new() { Kind = field.NamesOf }),
                reply => Show([.. reply.Definitions.Select(Of)])
            );

        void Show(IReadOnlyList<Offer> choices)
        {
            if (choices.Count == 0)
                window.ShowToast(
                    $"The cloud has none: 'jobcloud {field.CreatedBy()}' creates one."
                );
            else if (window.Top is SubmitScreen)
                window.ShowDialog(new ChooseOverlay(window, field.Label, choices, chosen));
        }
    }

    private static string CreatedBy(this JobAttribute field) =>
        field.NamesOf == DefinitionKind.Volume ? "volume create" : "env create";

    private static Offer Of(Definition definition) =>
        definition.Volume is { } volume
            ? new(
                volume.Name,
                $"{volume.Directory} as {volume.MountPath}{(volume.ReadOnly ? ", read-only" : "")}"
            )
            : new(definition.Environment.Name, Help(definition.Environment));

    private static string Help(EnvironmentDefinition environment)
    {
        var parts = new List<string>();
        if (environment.Root.Length > 0)
            parts.Add($"root {environment.Root}");
        if (environment.Path.Count > 0)
            parts.Add($"PATH {string.Join(':', environment.Path)}");
        if (environment.Variables.Count > 0)
            parts.Add(string.Join(' ', environment.Variables.Select(v => v.Name)));
        if (environment.Setup.Length > 0)
            parts.Add(environment.Setup);
        return string.Join(" · ", parts);
    }
}
