namespace JobCloud.Protocol.PublicJson;

/// <summary>What a text or number of the public JSON means, for its schema.</summary>
public enum JsonForm
{
    /// <summary>ISO 8601, UTC.</summary>
    Instant,

    /// <summary>The status of a job.</summary>
    Status,

    /// <summary>A jid list.</summary>
    Jids,

    /// <summary>The role of a token.</summary>
    Role,

    /// <summary>A transport protocol.</summary>
    Transport,

    /// <summary>The kind of a file.</summary>
    FileKind,

    /// <summary>Whether a token is valid.</summary>
    TokenState,

    /// <summary>The state of a node.</summary>
    NodeState,

    /// <summary>What gives jobs root file systems.</summary>
    Sandbox,

    /// <summary>Whether a denial is in force.</summary>
    DenialState,
}

/// <summary>Gives the form of a member.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class FormAttribute(JsonForm form) : Attribute
{
    public JsonForm Form => form;
}
