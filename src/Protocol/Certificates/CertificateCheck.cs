using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace JobCloud.Protocol.Certificates;

/// <summary>Verifies certificates against the CAs of the cloud, and against no others.</summary>
public static class CertificateCheck
{
    /// <param name="authorities">The CAs of this cloud.</param>
    /// <param name="problem">Why it is invalid, without a full stop; empty: it is valid.</param>
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
            return "no certificate was presented";
        var name = $"the certificate of {certificate.Subject}";
        if (now < certificate.NotBefore)
            return $"{name} is not valid before {Day(certificate.NotBefore)}";
        if (now > certificate.NotAfter)
            return $"{name} expired on {Day(certificate.NotAfter)}";
        if (!IsIssuedBy(certificate, authorities, now))
            return $"{name} was not issued by this cloud's CA";
        return
            CertificateSubject.Of(certificate).Role
                is CertificateRole.Node
                    or CertificateRole.Client
            ? ""
            : $"{name} is neither a node nor a client certificate";
    }

    private static bool IsIssuedBy(
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

    /// <summary>A policy that trusts only these CAs and uses no network.</summary>
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
