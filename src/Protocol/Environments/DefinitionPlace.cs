namespace JobCloud.Protocol.Environments;

/// <summary>Decides where users may define volumes and roots: beneath the allowed
/// directories.</summary>
public static class DefinitionPlace
{
    /// <summary>Records the allowed directory of a definition, in which its own directory must
    /// still be when a job starts; an admin's may be anywhere. Returns null, or the sentence that
    /// refuses it.</summary>
    public static string? Confine(Definition definition, bool admin, IReadOnlyList<string> allowed)
    {
        var (what, directory) = definition.WhatCase switch
        {
            Definition.WhatOneofCase.Volume => ("directory", definition.Volume.Directory),
            Definition.WhatOneofCase.Environment => ("root", definition.Environment.Root),
            _ => ("", ""),
        };
        var within =
            admin || directory.Length == 0
                ? ""
                : allowed.FirstOrDefault(one => DefinitionCheck.IsWithin(directory, one));
        if (definition.Volume is { } volume)
            volume.Within = within ?? "";
        if (definition.Environment is { } environment)
            environment.Within = within ?? "";
        return within is not null ? null
            : allowed.Count == 0
                ? $"Only admins may define a {what} here; an admin can allow directories in jobcloud.volumes.allowed."
            : $"Only admins may define the {what} {directory}; use a directory in {string.Join(", ", allowed)}.";
    }
}
