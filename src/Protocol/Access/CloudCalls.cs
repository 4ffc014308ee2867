using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Access;

/// <summary>THE catalogue of calls: every method of the service except Session, which carries the
/// others.</summary>
public static class CloudCalls
{
    /// <summary>The full name of the service in <c>cloud.proto</c>.</summary>
    public const string Service = "jobcloud.api.Cloud";

    // The rows below fill it, so it is declared before them.
    private static readonly Dictionary<string, Call> ByName = [];

    public static Call<SubmitRequest, SubmitReply> Submit { get; } =
        One(Role.User, "submit jobs", SubmitRequest.Parser, SubmitReply.Parser);

    public static Call<SubmitListRequest, SubmitListReply> SubmitList { get; } =
        One(Role.User, "submit jobs", SubmitListRequest.Parser, SubmitListReply.Parser);

    public static Call<FindBlobsRequest, FindBlobsReply> FindBlobs { get; } =
        One(Role.User, "submit jobs", FindBlobsRequest.Parser, FindBlobsReply.Parser);

    public static Call<PutBlobRequest, PutBlobReply> PutBlob { get; } =
        One(Role.User, "submit jobs", PutBlobRequest.Parser, PutBlobReply.Parser);

    public static Call<StatusRequest, StatusReply> Status { get; } =
        One(Role.ReadOnly, "see jobs", StatusRequest.Parser, StatusReply.Parser);

    public static Call<AwaitRequest, AwaitReply> Await { get; } =
        Many(Role.ReadOnly, "see jobs", AwaitRequest.Parser, AwaitReply.Parser);

    public static Call<InfoRequest, JobDetail> Info { get; } =
        Many(Role.ReadOnly, "see jobs", InfoRequest.Parser, JobDetail.Parser);

    public static Call<OutputRequest, OutputChunk> Output { get; } =
        Many(Role.ReadOnly, "see jobs", OutputRequest.Parser, OutputChunk.Parser);

    public static Call<SearchRequest, SearchReply> Search { get; } =
        Many(Role.ReadOnly, "see jobs", SearchRequest.Parser, SearchReply.Parser);

    public static Call<FilesRequest, FilesReply> Files { get; } =
        Many(Role.ReadOnly, "see jobs", FilesRequest.Parser, FilesReply.Parser);

    public static Call<KillRequest, ChangeReply> Kill { get; } =
        One(Role.User, "kill jobs", KillRequest.Parser, ChangeReply.Parser);

    public static Call<DeleteRequest, ChangeReply> Delete { get; } =
        One(Role.User, "delete jobs", DeleteRequest.Parser, ChangeReply.Parser);

    public static Call<PurgeRequest, PurgeReply> Purge { get; } =
        One(Role.User, "delete jobs", PurgeRequest.Parser, PurgeReply.Parser);

    public static Call<RetryRequest, ChangeReply> Retry { get; } =
        One(Role.User, "retry jobs", RetryRequest.Parser, ChangeReply.Parser);

    public static Call<PrioritizeRequest, ChangeReply> Prioritize { get; } =
        One(Role.User, "change priorities", PrioritizeRequest.Parser, ChangeReply.Parser);

    public static Call<ListRequest, ListReply> List { get; } =
        One(Role.ReadOnly, "see jobs", ListRequest.Parser, ListReply.Parser);

    public static Call<MapViewRequest, MapReply> Map { get; } =
        One(Role.ReadOnly, "see jobs", MapViewRequest.Parser, MapReply.Parser);

    public static Call<ActivityRequest, ActivityReply> Activity { get; } =
        One(Role.ReadOnly, "see jobs", ActivityRequest.Parser, ActivityReply.Parser);

    public static Call<ExplainRequest, ExplainReply> Explain { get; } =
        One(Role.ReadOnly, "see jobs", ExplainRequest.Parser, ExplainReply.Parser);

    public static Call<ForecastRequest, ForecastReply> Forecast { get; } =
        One(Role.ReadOnly, "see jobs", ForecastRequest.Parser, ForecastReply.Parser);

    public static Call<EventsRequest, EventsReply> Events { get; } =
        Many(Role.ReadOnly, "see jobs", EventsRequest.Parser, EventsReply.Parser);

    public static Call<NodesRequest, NodesReply> Nodes { get; } =
        One(Role.ReadOnly, "see nodes", NodesRequest.Parser, NodesReply.Parser);

    public static Call<DrainRequest, NodesReply> Drain { get; } =
        One(Role.Admin, "drain nodes", DrainRequest.Parser, NodesReply.Parser);

    public static Call<NodeStatusRequest, NodeStatusReply> NodeStatus { get; } =
        One(Role.ReadOnly, "see nodes", NodeStatusRequest.Parser, NodeStatusReply.Parser);

    public static Call<ConfigRequest, ConfigReply> Config { get; } =
        One(Role.Admin, "see the settings", ConfigRequest.Parser, ConfigReply.Parser);

    public static Call<DefinitionsRequest, DefinitionsReply> Definitions { get; } =
        One(
            Role.ReadOnly,
            "see environments and volumes",
            DefinitionsRequest.Parser,
            DefinitionsReply.Parser
        );

    public static Call<DefineRequest, DefinitionsReply> Define { get; } =
        One(
            Role.User,
            "create environments and volumes",
            DefineRequest.Parser,
            DefinitionsReply.Parser
        );

    public static Call<UndefineRequest, DefinitionsReply> Undefine { get; } =
        One(
            Role.User,
            "delete environments and volumes",
            UndefineRequest.Parser,
            DefinitionsReply.Parser
        );

    public static Call<TokensRequest, TokensReply> Tokens { get; } =
        One(Role.Admin, "list tokens", TokensRequest.Parser, TokensReply.Parser);

    public static Call<CreateTokenRequest, CreateTokenReply> CreateToken { get; } =
        One(Role.Admin, "create tokens", CreateTokenRequest.Parser, CreateTokenReply.Parser);

    public static Call<RevokeTokenRequest, TokensReply> RevokeToken { get; } =
        One(Role.Admin, "revoke tokens", RevokeTokenRequest.Parser, TokensReply.Parser);

    public static Call<DenialsRequest, DenialsReply> Denials { get; } =
        One(Role.Admin, "see the deny list", DenialsRequest.Parser, DenialsReply.Parser);

    public static Call<DenyRequest, DenialsReply> Deny { get; } =
        One(Role.Admin, "change the deny list", DenyRequest.Parser, DenialsReply.Parser);

    public static Call<TicketRequest, Ticket> Ticket { get; } =
        One(Role.ReadOnly, "join the cluster", TicketRequest.Parser, Api.Ticket.Parser);

    /// <summary>A bidirectional stream, which no endpoint carries as one request.</summary>
    public static Call<ToTerminal, FromTerminal> Terminal { get; } =
        Row(
            MethodType.DuplexStreaming,
            Role.User,
            "open terminals in jobs",
            ToTerminal.Parser,
            FromTerminal.Parser
        );

    public static IReadOnlyCollection<Call> All => ByName.Values;

    /// <summary>Finds a call by name; null: unknown.</summary>
    public static Call? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>A call with one reply.</summary>
    private static Call<TRequest, TReply> One<TRequest, TReply>(
        Role least,
        string words,
        MessageParser<TRequest> requests,
        MessageParser<TReply> replies,
        [CallerMemberName] string name = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Row(MethodType.Unary, least, words, requests, replies, name);

    /// <summary>A call with any number of replies.</summary>
    private static Call<TRequest, TReply> Many<TRequest, TReply>(
        Role least,
        string words,
        MessageParser<TRequest> requests,
        MessageParser<TReply> replies,
        [CallerMemberName] string name = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        Row(MethodType.ServerStreaming, least, words, requests, replies, name);

    private static Call<TRequest, TReply> Row<TRequest, TReply>(
        MethodType type,
        Role least,
        string words,
        MessageParser<TRequest> requests,
        MessageParser<TReply> replies,
        [CallerMemberName] string name = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        var call = new Call<TRequest, TReply>(name, least, words, type, requests, replies);
        ByName.Add(name, call);
        return call;
    }
}
