using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Certificates;

/// <summary>What a denial may name, and the sentences about it.</summary>
public static class DenialRules
{
    private const int SerialDigitsMin = 16;
    private const int SerialDigitsMax = 40;
    private const int ReasonMax = 500;

    /// <summary>The serial number of a certificate, as denials name it: lower-case hexadecimal
    /// digits.</summary>
    public static string SerialOf(X509Certificate2 certificate) =>
        certificate.SerialNumber.ToLowerInvariant();

    /// <summary>A serial number in its one form, whether given with colons or capitals; else the
    /// text itself, a name.</summary>
    public static string Subject(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        return
            digits.Length is >= SerialDigitsMin and <= SerialDigitsMax
            && digits.All(char.IsAsciiHexDigitLower)
            ? digits
            : text;
    }

    /// <summary>Null: the request is valid.</summary>
    public static Refusal? Validate(DenyRequest request) =>
        !CertificateSubject.IsName(request.Subject)
            ? Refusals.Of(
                RefusalCode.Usage,
                $"'{request.Subject}' is neither a name nor a serial number; see 'jobcloud ca show' and 'jobcloud nodes'."
            )
        : request.Reason.Length > ReasonMax
            ? Refusals.Of(
                RefusalCode.Usage,
                $"The reason has {request.Reason.Length} characters; at most {ReasonMax} are allowed."
            )
        : null;

    /// <summary>Why a denied certificate or node is kept out, without a full stop.</summary>
    public static string Problem(string what, Denial denial) =>
        $"{what} is on the deny list (by {denial.By}{(denial.Reason.Length > 0 ? $": {denial.Reason}" : "")})";
}
