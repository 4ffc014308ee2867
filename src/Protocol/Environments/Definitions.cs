namespace JobCloud.Protocol.Environments;

/// <summary>Operations common to environments and volumes.</summary>
public static class Definitions
{
    public static DefinitionKind KindOf(Definition definition) =>
        definition.WhatCase switch
        {
            Definition.WhatOneofCase.Environment => DefinitionKind.Environment,
            Definition.WhatOneofCase.Volume => DefinitionKind.Volume,
            _ => DefinitionKind.Unspecified,
        };

    public static string NameOf(Definition definition) =>
        definition.WhatCase switch
        {
            Definition.WhatOneofCase.Environment => definition.Environment.Name,
            Definition.WhatOneofCase.Volume => definition.Volume.Name,
            _ => "",
        };

    /// <summary>The name of the kind, as users know it.</summary>
    public static string KindName(DefinitionKind kind) =>
        kind == DefinitionKind.Volume ? "volume" : "environment";

    /// <summary>A definition as a user may see it: only its creator and admins see the values of
    /// its variables.</summary>
    public static Definition ShownTo(Definition definition, string user, bool admin)
    {
        if (
            definition.Environment is not { Variables.Count: > 0 }
            || admin
            || !definition.Fixed && definition.Owner == user
        )
            return definition;
        var shown = definition.Clone();
        HideValues(shown.Environment);
        shown.ValuesHidden = true;
        return shown;
    }

    /// <summary>The attributes of a job without the values of the environment that it copied,
    /// because the creator of that may be another user than the job's owner. The original stays
    /// unchanged.</summary>
    public static JobSpec? WithoutValues(JobSpec? spec)
    {
        if (spec?.EnvironmentDefinition is not { Variables.Count: > 0 })
            return spec;
        var shown = spec.Clone();
        HideValues(shown.EnvironmentDefinition);
        return shown;
    }

    private static void HideValues(EnvironmentDefinition environment)
    {
        foreach (var variable in environment.Variables)
            variable.Value = "";
    }

    /// <summary>Whether both are equal, regardless of their creators.</summary>
    public static bool AreEqual(Definition one, Definition other) =>
        Equals(one.Environment, other.Environment) && Equals(one.Volume, other.Volume);

    public static Refusal Unknown(DefinitionKind kind, string name) =>
        new()
        {
            Code = RefusalCode.NotFound,
            Message =
                $"Unknown {KindName(kind)} '{name}'; list them with 'jobcloud {Command(kind)} list'.",
        };

    public static Refusal Fixed(DefinitionKind kind, string name) =>
        new()
        {
            Code = RefusalCode.NotAllowed,
            Message =
                $"The {KindName(kind)} '{name}' comes from the settings; change it there, in jobcloud.{KindName(kind)}s.",
        };

    private static string Command(DefinitionKind kind) =>
        kind == DefinitionKind.Volume ? "volume" : "env";
}
