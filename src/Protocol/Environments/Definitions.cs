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
