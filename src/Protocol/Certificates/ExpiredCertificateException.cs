using System.Security.Authentication;

namespace JobCloud.Protocol.Certificates;

/// <summary>A server's certificate has expired; the message is a sentence for the user.</summary>
public sealed class ExpiredCertificateException(string message) : AuthenticationException(message)
{
    /// <summary>Finds one among the causes of a failure; null: there is none.</summary>
    public static ExpiredCertificateException? In(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is ExpiredCertificateException expired)
                return expired;
        return null;
    }
}
