using System.Security.Cryptography;
using System.Text;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>Rules of access tokens: their form and their validity. Instants are in µs since
/// 1970.</summary>
public static class AccessTokenRules
{
    /// <summary>Random bytes in a secret: enough that a plain hash of it suffices.</summary>
    public const int SecretBytes = 32;
    public const int NameMax = 64;

    private const string Prefix = "jc_";

    /// <summary>Formats the secret for its holder.</summary>
    public static string Secret(ReadOnlySpan<byte> random) =>
        Prefix + Convert.ToHexStringLower(random);

    /// <summary>The hash of a secret that the cloud keeps: SHA-256.</summary>
    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether a text has the form of a secret. No other text needs a lookup.</summary>
    public static bool IsSecret(string text) =>
        text.Length == Prefix.Length + 2 * SecretBytes
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', 'f') < 0;

    /// <summary>Builds the requested token.</summary>
    public static Token Of(CreateTokenRequest request, string by, long now) =>
        new()
        {
            Name = request.Name,
            User = request.User.Length > 0 ? request.User : request.Name,
            Role = request.Role,
            Created = now,
            By = by,
            RunAs = request.RunAs,
            Expires = request.LifetimeMs > 0 ? now + request.LifetimeMs * 1_000 : 0,
        };

    /// <summary>Validates a request; null: it is valid.</summary>
    public static Refusal? Validate(CreateTokenRequest request) =>
        !IsName(request.Name) ? Usage($"The token name must be {NameForm}.")
        : request.User.Length > 0 && !IsName(request.User)
            ? Usage($"The user name must be {NameForm}.")
        : request.RunAs.Length > 0 && !AccountNames.IsValid(request.RunAs)
            ? Usage($"The account that jobs run as must be {AccountNames.Form}.")
        : request.Role is not (Role.ReadOnly or Role.User or Role.Admin)
            ? Usage($"The role must be one of {string.Join(", ", RoleNames.All)}.")
        : request.LifetimeMs is < 0 or > 3_153_600_000_000
            ? Usage("A token can last at most 100 years; omit the lifetime and it never expires.")
        : null;

    /// <summary>Decides whether a token grants access; null: it does.</summary>
    /// <param name="token">Null: no token has the presented secret.</param>
    public static Refusal? Check(Token? token, long now) =>
        token switch
        {
            null => Denied("Unknown access token: it is invalid or belongs to another cloud."),
            { Revoked: > 0 } => Denied(
                $"The access token {token.Name} was revoked; ask an admin for a new one."
            ),
            { Expires: > 0 } when token.Expires <= now => Denied(
                $"The access token {token.Name} has expired; ask an admin for a new one."
            ),
            _ => null,
        };

    public static Refusal Missing { get; } =
        Denied(
            "This endpoint requires an access token; "
                + "name its file with --token-file or JOBCLOUD_TOKEN_FILE."
        );

    private const string NameForm = "1 to 64 letters, digits, '-', '_', '.' or '@'";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    private static Refusal Usage(string message) => Refusals.Of(RefusalCode.Usage, message);

    private static Refusal Denied(string message) => Refusals.Of(RefusalCode.NotAllowed, message);
}
