namespace JobCloud.Protocol.Access;

/// <summary>All that can be asked of a cloud.</summary>
public enum RequestKind
{
    Status,
    Await,
    Info,
    Output,
    Events,
    Explain,
    List,
    Submit,
    Kill,
    Delete,
    Retry,
    Prioritize,
    Terminal,
    Nodes,
    NodeStatus,
    Definitions,
    Define,
    Undefine,
    Ticket,
    Drain,
    Config,
    Tokens,
    CreateToken,
    RevokeToken,
}
