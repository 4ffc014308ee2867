using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace JobCloud.Protocol.Certificates;

/// <summary>Who shows a certificate, by a chain of our own: the CAs given, and no other, are
/// trusted.</summary>
public static class CertificateCheck
{
    /// <param name="authorities">Of this cloud.</param>
    /// <param name="problem">Why nobody is believed, without a stop; empty: somebody is.</param>
    public static CertificateSubject? Identify(
        X509Certificate2? certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now,
        out string problem
    )
    {
        problem = Problem(certificate, authorities, now);
        return problem.Length == 0 ? CertificateSubject.Of(certificate!) : null;
    }

    private static string Problem(
        X509Certificate2? certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now
    )
    {
        if (certificate is null)
            return "no certificate was shown";
        var who = $"the certificate of {certificate.Subject}";
        if (now < certificate.NotBefore)
            return $"{who} is good only from {Day(certificate.NotBefore)} on";
        if (now > certificate.NotAfter)
            return $"{who} expired on {Day(certificate.NotAfter)}";
        if (!IsOf(certificate, authorities, now))
            return $"{who} is not of this cloud's CA";
        return
            CertificateSubject.Of(certificate).Role
                is CertificateRole.Node
                    or CertificateRole.Client
            ? ""
            : $"{who} is neither a node's nor a client's";
    }

    private static bool IsOf(
        X509Certificate2 certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = Policy(authorities);
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return chain.Build(certificate);
    }

    /// <summary>Trusts these CAs alone, and asks nobody else.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static string Day(DateTime instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
