namespace JobCloud.Protocol.Environments;

/// <summary>What environments and volumes have in common.</summary>
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

    /// <summary>What users call it.</summary>
    public static string Word(DefinitionKind kind) =>
        kind == DefinitionKind.Volume ? "volume" : "environment";

    /// <summary>Whether both say the same, whoever created them.</summary>
    public static bool SaySame(Definition one, Definition other) =>
        Equals(one.Environment, other.Environment) && Equals(one.Volume, other.Volume);

    public static Refusal Unknown(DefinitionKind kind, string name) =>
        new()
        {
            Code = RefusalCode.NotFound,
            Message =
                $"There is no {Word(kind)} '{name}'; 'jobcloud {Command(kind)} list' shows those there are.",
        };

    public static Refusal Fixed(DefinitionKind kind, string name) =>
        new()
        {
            Code = RefusalCode.NotAllowed,
            Message =
                $"The {Word(kind)} '{name}' comes from the settings: change it there, in jobcloud.{Word(kind)}s.",
        };

    private static string Command(DefinitionKind kind) =>
        kind == DefinitionKind.Volume ? "volume" : "env";
}
