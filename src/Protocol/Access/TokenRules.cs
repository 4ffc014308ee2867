using System.Security.Cryptography;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>What a token is, and whether it opens the door. Instants are in µs since
/// 1970.</summary>
public static class TokenRules
{
    /// <summary>Chance in a secret: too much to be guessed, so that a plain hash of it is
    /// enough.</summary>
    public const int SecretBytes = 32;
    public const int NameMax = 64;

    private const string Prefix = "jc_";

    /// <summary>The secret as its holder keeps it.</summary>
    public static string Secret(ReadOnlySpan<byte> chance) =>
        Prefix + Convert.ToHexStringLower(chance);

    /// <summary>What the cloud keeps of a secret: SHA-256.</summary>
    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether a text has the form of a secret; all others need not be looked
    /// up.</summary>
    public static bool IsSecret(string text) =>
        text.Length == Prefix.Length + 2 * SecretBytes
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', 'f') < 0;

    /// <summary>The token that a request asks for.</summary>
    public static Token Of(CreateTokenRequest request, string by, long now) =>
        new()
        {
            Name = request.Name,
            User = request.User.Length > 0 ? request.User : request.Name,
            Role = request.Role,
            Created = now,
            By = by,
            Expires = request.LifetimeMs > 0 ? now + request.LifetimeMs * 1_000 : 0,
        };

    /// <summary>What is wrong with a request; null: nothing.</summary>
    public static Refusal? Problem(CreateTokenRequest request) =>
        !IsName(request.Name) ? Usage($"A token's name is {NameForm}.")
        : request.User.Length > 0 && !IsName(request.User) ? Usage($"A user's name is {NameForm}.")
        : request.Role is not (Role.ReadOnly or Role.User or Role.Admin)
            ? Usage($"A role is one of {string.Join(", ", RoleWords.All)}.")
        : request.LifetimeMs is < 0 or > 3_153_600_000_000
            ? Usage("A token may last up to 100 years; leave the time out, and it never expires.")
        : null;

    /// <summary>Why a token does not open the door; null: it does.</summary>
    /// <param name="token">Null: no token has the secret that was shown.</param>
    public static Refusal? Judge(Token? token, long now) =>
        token switch
        {
            null => Closed("The token is not known here: it is wrong, or of another cloud."),
            { Revoked: > 0 } => Closed(
                $"The token {token.Name} was revoked; ask an admin for another one."
            ),
            { Expires: > 0 } when token.Expires <= now => Closed(
                $"The token {token.Name} has expired; ask an admin for another one."
            ),
            _ => null,
        };

    public static Refusal Missing { get; } =
        Closed("This door wants a token: name its file with --token-file or JOBCLOUD_TOKEN_FILE.");

    private const string NameForm = "1 to 64 letters, digits, '-', '_', '.' or '@'";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    private static Refusal Usage(string message) => Refusals.Of(RefusalCode.Usage, 0, message);

    private static Refusal Closed(string message) =>
        Refusals.Of(RefusalCode.NotAllowed, 0, message);
}
