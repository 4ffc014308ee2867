using System.Text.Json.Serialization;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The access tokens, without their secrets.</summary>
public sealed record TokensDocument(IEnumerable<PublicToken> Tokens) : PublicDocument
{
    /// <param name="now">The current time in µs.</param>
    public static TokensDocument Of(TokensReply reply, long now) =>
        new(reply.Tokens.Select(token => PublicToken.Of(token, now)));
}

/// <summary>An access token.</summary>
/// <param name="Name">Its name.</param>
/// <param name="User">The user that it acts as.</param>
/// <param name="Role">What it may do.</param>
/// <param name="RunAs">The account that its jobs run as; null: that of its user.</param>
/// <param name="State">Whether it is valid.</param>
/// <param name="Created">When it was created.</param>
/// <param name="By">Who created it.</param>
/// <param name="Expires">When it expires; null: never.</param>
public sealed record PublicToken(
    string Name,
    string User,
    [property: Form(JsonForm.Role)] string Role,
    string? RunAs,
    [property: Form(JsonForm.TokenState)] string State,
    [property: Form(JsonForm.Instant)] string? Created,
    string By,
    [property: Form(JsonForm.Instant)] string? Expires
)
{
    /// <summary>The states of a token.</summary>
    public static IReadOnlyList<string> States { get; } = ["good", "expired", "revoked"];

    public static PublicToken Of(Token token, long now) =>
        new(
            token.Name,
            token.User,
            RoleNames.Of(token.Role),
            PublicValues.Text(token.RunAs),
            StateOf(token, now),
            PublicValues.Instant(token.Created),
            token.By,
            PublicValues.Instant(token.Expires)
        );

    public static string StateOf(Token token, long now) =>
        token.Revoked > 0 ? States[2]
        : token.Expires > 0 && token.Expires <= now ? States[1]
        : States[0];
}

/// <summary>A new access token.</summary>
/// <param name="Name">Its name.</param>
/// <param name="User">The user that it acts as.</param>
/// <param name="Role">What it may do.</param>
/// <param name="RunAs">The account that its jobs run as; null: that of its user.</param>
/// <param name="Secret">The secret, which is not shown again.</param>
public sealed record CreatedTokenDocument(
    string Name,
    string User,
    [property: Form(JsonForm.Role)] string Role,
    string? RunAs,
    string Secret
) : PublicDocument
{
    /// <summary>Why its jobs may not start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    public static CreatedTokenDocument Of(CreateTokenReply reply) =>
        new(
            reply.Token.Name,
            reply.Token.User,
            RoleNames.Of(reply.Token.Role),
            PublicValues.Text(reply.Token.RunAs),
            reply.Secret
        )
        {
            Note = PublicValues.Text(reply.Note),
        };
}
