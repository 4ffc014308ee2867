using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The directory and the variables of a submitter, which jobs on the same machine
/// share.</summary>
public static class SubmissionPlaces
{
    /// <summary>The place of a client that uses the socket of a node on its own machine.</summary>
    /// <param name="local">False: the node is elsewhere; the place then has only what <see
    /// cref="ExportedVariables.Setting"/> asks for.</param>
    public static Parsed<SubmissionPlace> Of(ISubmissionSource from, bool local)
    {
        var given = from.Variable(ExportedVariables.Setting);
        var choice =
            given is { Length: > 0 } ? given
            : local ? ExportedVariables.Default
            : ExportedVariables.None;
        var variables = ExportedVariables.Choose(choice, from);
        if (!variables.Ok)
            return variables.Error with
            {
                Message = $"{ExportedVariables.Setting}: {variables.Error.Message}",
            };
        var directory = local ? from.Directory : "";
        if (Utf8Text.MayBeReplaced(directory))
            return new TextError(
                0,
                0,
                "The path of this directory is not UTF-8 text, so no job can run in it; submit from another directory."
            );
        return new SubmissionPlace { Directory = directory, Variables = { variables.Value } };
    }

    /// <summary>Completes a spec whose environment is known with the place of its
    /// submission.</summary>
    /// <param name="ownDirectories">The directory with the jobs' own ones. A job that is submitted
    /// there has its own: that of the submitting job ends with it.</param>
    public static void Complete(JobSpec spec, SubmissionPlace? place, string ownDirectories)
    {
        if (place is null || spec.EnvironmentDefinition is { Root.Length: > 0 })
            return;
        if (
            spec.WorkingDirectory.Length == 0
            && !spec.Fresh
            && !DefinitionCheck.IsWithin(place.Directory, ownDirectories)
        )
            spec.WorkingDirectory = place.Directory;
        if (spec.Export.Length == 0)
            spec.Exported.Add(place.Variables);
    }
}
